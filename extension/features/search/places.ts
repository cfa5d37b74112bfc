// Where everything stands that a person can do or set, with the words that someone may look for, in both languages.
import type { PanelKey } from '../../locales/panel.ts';
import { type Route, to } from '../panel/route.ts';

/** A place of the side panel, or an option (a field's name, a part) on the settings page of this device. */
export type Target = { route: Route } | { option: string };

export interface SearchPlace {
  label: PanelKey;
  target: Target;
  /** Beside its label, whatever the language of the page. */
  words: string;
  /** Offered before anything is typed. */
  first?: true;
}

const inPanel = (route: Route): Target => ({ route });
const onPage = (option: string): Target => ({ option });

export const SEARCH_PLACES: readonly SearchPlace[] = [
  {
    label: 'place.purchase',
    target: inPanel(to('billing', 'purchase')),
    words: 'buy top up card usdc pay kaufen aufladen bezahlen karte',
    first: true,
  },
  {
    label: 'place.withdraw',
    target: inPanel(to('billing', 'withdraw')),
    words: 'withdraw payout auszahlen auszahlung',
    first: true,
  },
  {
    label: 'place.plans',
    target: inPanel(to('intelligence')),
    words: 'plan quota subscription tarif kontingent',
    first: true,
  },
  {
    label: 'place.profile',
    target: inPanel(to('settings', 'profile')),
    words: 'profile full name picture avatar profil bild',
    first: true,
  },
  {
    label: 'place.timezone',
    target: inPanel(to('settings', 'timezone')),
    words: 'time zone clock utc uhrzeit zeit',
  },
  {
    label: 'place.wallets',
    target: inPanel(to('settings', 'wallets')),
    words: 'address solana aptos primary adresse',
    first: true,
  },
  {
    label: 'place.alerts',
    target: inPanel(to('settings', 'alerts')),
    words: 'warning low balance runway plan spending per day warnung schwelle guthaben reichweite ausgaben',
    first: true,
  },
  {
    label: 'place.ionet',
    target: inPanel(to('settings', 'ionet')),
    words: 'connect api key disconnect verbinden trennen schlüssel konto',
  },
  {
    label: 'place.devices',
    target: inPanel(to('settings', 'devices')),
    words: 'revoke sessions sign out abmelden sitzungen',
    first: true,
  },
  {
    label: 'place.delete',
    target: inPanel(to('settings', 'delete')),
    words: 'remove close account löschen schließen konto',
  },
  {
    label: 'place.terms',
    target: inPanel(to('terms')),
    words: 'terms accept bedingungen zustimmen',
    first: true,
  },
  {
    label: 'place.notices',
    target: inPanel({ ...to('overview'), drawer: 'notifications' }),
    words: 'notification center messages meldungen mitteilungen',
  },
  { label: 'place.server', target: onPage('connection'), words: 'connection sign in verbindung anmelden' },
  { label: 'place.sign_out', target: onPage('sign-out'), words: 'logout log out leave abmelden' },
  {
    label: 'place.theme',
    target: onPage('theme'),
    words: 'theme appearance dark light mode colours darstellung farbschema dunkel hell farben design',
  },
  {
    label: 'place.language',
    target: onPage('language'),
    words: 'language english german deutsch englisch sprache',
  },
  {
    label: 'place.badge',
    target: onPage('badge'),
    words: 'badge toolbar button icon balance plan runway symbolleiste abzeichen symbol knopf',
  },
  {
    label: 'place.sync',
    target: onPage('sync_minutes'),
    words: 'sync refresh interval minutes update badge aktualisieren abstand minuten symbolleiste',
  },
  {
    label: 'place.notify',
    target: onPage('notify'),
    words: 'notification notifications permission low refund withdrawal benachrichtigung hinweise erlauben',
  },
  {
    label: 'place.wipe',
    target: onPage('wipe-button'),
    words: 'wipe delete erase local data löschen entfernen lokale daten',
  },
];
