import { afterAll, beforeAll, expect, test } from 'vitest';
import { openRig, type Rig } from '../rig.ts';

let rig: Rig;
beforeAll(async () => {
  rig = await openRig();
});
afterAll(() => rig.close());

test('the page names every call and every schema, and loads nothing from elsewhere', async () => {
  const { paths, components } = (await rig.send('GET', '/openapi.json')).body as {
    paths: Record<string, Record<string, unknown>>;
    components: { schemas: Record<string, unknown> };
  };
  const response = await rig.api.request('/docs');
  const page = await response.text();
  expect(response.headers.get('content-type')).toContain('text/html');
  for (const [path, calls] of Object.entries(paths)) {
    for (const method of Object.keys(calls))
      expect(page).toContain(`<code>${method.toUpperCase()} ${path}</code>`);
  }
  for (const name of Object.keys(components.schemas)) expect(page).toContain(`id="schema-${name}"`);
  expect(page).not.toContain('<script');
  // Only our own style sheet, our own description, and places on this page.
  const links = [...page.matchAll(/(?:href|src)="([^"]*)"/g)].map(([, link]) => link ?? '');
  expect(links.filter((link) => !link.startsWith('#'))).toEqual(['/assets/page.css', '/openapi.json']);
  for (const link of links.filter((each) => each.startsWith('#')))
    expect(page).toContain(`id="${link.slice(1)}"`);
});
