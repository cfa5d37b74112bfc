import { expect, test } from 'vitest';
import { loadPanel } from '../../locales/panel.ts';
import { formatRoute, parseRoute } from '../panel/route.ts';
import { findPlaces } from './find-places.ts';
import { SEARCH_PLACES } from './places.ts';

async function found(text: string, tag: string): Promise<string[]> {
  const { t } = await loadPanel(tag);
  return findPlaces(text, [], [], () => false, t).places.map(({ target }) =>
    'route' in target ? formatRoute(target.route) : target.option,
  );
}

test.each([
  ['theme', 'theme'],
  ['dark mode', 'theme'],
  ['Farbschema', 'theme'],
  ['dunkel', 'theme'],
  ['language', 'language'],
  ['Sprache', 'language'],
  ['badge', 'badge'],
  ['Symbolleiste', 'badge'],
  ['minutes', 'sync_minutes'],
  ['Minuten', 'sync_minutes'],
  ['notification', 'notify'],
  ['Benachrichtigung', 'notify'],
  ['sign out', 'sign-out'],
  ['abmelden', 'sign-out'],
  ['wipe', 'wipe-button'],
  ['Daten löschen', 'wipe-button'],
  ['delete', '#settings/delete'],
  ['Konto löschen', '#settings/delete'],
  ['io.net', '#settings/ionet'],
  ['timezone', '#settings/timezone'],
  ['Zeitzone', '#settings/timezone'],
  ['full name', '#settings/profile'],
  ['profil', '#settings/profile'],
  ['wallet', '#settings/wallets'],
  ['low balance', '#settings/alerts'],
  ['Warnung', '#settings/alerts'],
  ['devices', '#settings/devices'],
  ['Sitzungen', '#settings/devices'],
])('"%s" leads to %s', async (text, place) => {
  // Someone may type a word of either language, or of the one that the page speaks.
  const [english, german] = await Promise.all([found(text, 'en'), found(text, 'de')]);
  expect([...english, ...german]).toContain(place);
});

test('words of both languages are found in both, and nothing else is', async () => {
  for (const tag of ['en', 'de']) {
    expect(await found('dunkel', tag), tag).toEqual(['theme']);
    expect(await found('  DARK  ', tag), tag).toEqual(['theme']);
    expect(await found('xyzzy', tag), tag).toEqual([]);
  }
});

const routes = SEARCH_PLACES.flatMap(({ target }) => ('route' in target ? [target.route] : []));
test.each(routes)('a place of the panel is one that its address leads to: %o', (route) => {
  expect(parseRoute(formatRoute(route))).toMatchObject({ drawer: route.drawer, view: route.view });
});

test('before anything is typed only the usual places stand there', async () => {
  expect(await found('', 'en')).toHaveLength(8);
});
