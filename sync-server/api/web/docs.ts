// `/docs`: the description of the API for people, made from the same document as /openapi.json; needs nothing else.
import { html } from 'hono/html';
import { z } from 'zod';
import type { Api } from '../context.ts';
import { tagOf } from '../description.ts';
import { type Markup, sendPage } from './page.ts';

const Schema = z.record(z.string(), z.unknown());
const Content = z.record(z.string(), z.object({ schema: Schema, example: z.unknown().optional() }));
const Operation = z.object({
  summary: z.string().optional(),
  description: z.string().optional(),
  parameters: z
    .array(z.object({ name: z.string(), in: z.string(), required: z.boolean().optional(), schema: Schema }))
    .default([]),
  requestBody: z.object({ content: Content }).optional(),
  responses: z.record(z.string(), z.object({ description: z.string(), content: Content.optional() })),
});
type Operation = z.output<typeof Operation>;
const Document = z.object({
  info: z.object({ title: z.string(), version: z.string() }),
  paths: z.record(z.string(), z.record(z.string(), Operation)),
  components: z.object({ schemas: z.record(z.string(), Schema) }),
});

/** A schema in few words: its name, or its JSON. */
function named(schema: Record<string, unknown>): Markup {
  const ref = schema['$ref'];
  if (typeof ref === 'string') {
    const name = ref.split('/').at(-1) ?? '';
    return html`<a href="#schema-${name}"><code>${name}</code></a>`;
  }
  return html`<pre>${JSON.stringify(schema, null, 2)}</pre>`;
}

function inLine(schema: Record<string, unknown>): string {
  const { type, pattern, enum: words, format, minimum, maximum } = schema;
  if (Array.isArray(words)) return words.join(' | ');
  const parts = [type, format, pattern].filter((part) => typeof part === 'string');
  if (typeof minimum === 'number') parts.push(`from ${minimum}`);
  if (typeof maximum === 'number') parts.push(`to ${maximum}`);
  return parts.join(', ');
}

function parameters(list: Operation['parameters']): Markup {
  if (list.length === 0) return html``;
  return html`<div class="wide-table">
    <table>
      <thead>
        <tr>
          <th>Name</th>
          <th>In</th>
          <th>Value</th>
        </tr>
      </thead>
      <tbody>
        ${list.map(
          ({ name, in: place, required, schema }) =>
            html`<tr>
              <td><code>${name}</code>${required ? '' : html` <span class="muted">optional</span>`}</td>
              <td>${place}</td>
              <td>${inLine(schema)}</td>
            </tr>`,
        )}
      </tbody>
    </table>
  </div>`;
}

function content(media: z.output<typeof Content> | undefined): Markup[] {
  return Object.entries(media ?? {}).map(([type, { schema }]) =>
    type === 'application/json' || type.endsWith('+json')
      ? html`${named(schema)}`
      : html`<code>${type}</code> `,
  );
}

function operation(method: string, path: string, call: Operation): Markup {
  const { summary, description, requestBody, responses } = call;
  return html`<details id="${method}-${path}">
    <summary><code>${method.toUpperCase()} ${path}</code> ${summary ?? ''}</summary>
    ${description === undefined ? '' : html`<p class="muted">${description}</p>`}
    ${parameters(call.parameters)}
    ${
      requestBody
        ? html`<h3>Body</h3>
            ${content(requestBody.content)}`
        : ''
    }
    <h3>Answers</h3>
    <dl>
      ${Object.entries(responses).map(
        ([status, answer]) =>
          html`<dt>${status}</dt>
            <dd>${answer.content ? content(answer.content) : answer.description}</dd>`,
      )}
    </dl>
  </details>`;
}

const INTRODUCTION = html`<p>
    Send <code>Authorization: Bearer</code> with an API key, or with an access token from
    <code>POST /auth/token</code>. Amounts are decimal texts in credits, where 1 credit is 1 USD; times are
    RFC 3339 in UTC.
  </p>
  <p>
    A call that changes something takes an <code>Idempotency-Key</code> of 16 to 64 characters. The same key
    with the same body is the same call, and answers what it answered first.
  </p>
  <p>
    Every error is a problem document (RFC 9457) with a stable <code>code</code>. The whole description for
    programs is at <a href="/openapi.json">/openapi.json</a>.
  </p>`;

/** The page's content out of an OpenAPI document. */
function docsMain(description: unknown): Markup {
  const { info, paths, components } = Document.parse(description);
  const groups = new Map<string, Markup[]>();
  for (const [path, calls] of Object.entries(paths)) {
    for (const [method, call] of Object.entries(calls)) {
      const group = tagOf(path);
      groups.set(group, [...(groups.get(group) ?? []), operation(method, path, call)]);
    }
  }
  return html`<h1>${info.title} API</h1>
    ${INTRODUCTION}
    ${[...groups].map(
      ([name, calls]) =>
        html`<h2>${name}</h2>
          ${calls}`,
    )}
    <h2>Schemas</h2>
    ${Object.entries(components.schemas).map(
      ([name, schema]) =>
        html`<details id="schema-${name}">
          <summary><code>${name}</code></summary>
          <pre>${JSON.stringify(schema, null, 2)}</pre>
        </details>`,
    )}`;
}

export function docsRoutes(api: Api, description: () => unknown): void {
  let main: Markup | null = null;
  api.get('/docs', (c) => sendPage(c, { title: 'API', main: (main ??= docsMain(description())) }));
}
