// The settings page, in German.
import type { SettingsKey } from '../en/settings.ts';

export const settings: Record<SettingsKey, string> = {
  'options.title': 'Einstellungen',
  'connect.title': 'Verbindung',
  'connect.server': 'Serveradresse',
  'connect.server_hint': 'https, oder ein Server auf diesem Rechner',
  'connect.api_key': 'API-Schlüssel',
  'connect.api_key_hint': 'Wird gegen die Anmeldung dieses Geräts getauscht und dann vergessen',
  'connect.device_name': 'Name dieses Geräts',
  'connect.device_default': '{browser} auf {system}',
  'connect.submit': 'Verbinden',
  'connect.submit_waiting': 'Verbinden …',
  'connect.connected': 'Verbunden als {name}',
  'connect.connected_unnamed': 'Verbunden',
  'connect.signed_out': 'Der Server hat dieses Gerät abgemeldet. Melde es mit einem API-Schlüssel wieder an.',
  'connect.not_connected': 'Noch kein Konto',
  'connect.sign_out': 'Abmelden',
  'connect.sign_out_waiting': 'Abmelden …',
  'connect.sign_out_hint': 'Beendet die Anmeldung und löscht die Zahlen auf diesem Gerät.',
  'connect.error.invalid_request': 'Gib Serveradresse, API-Schlüssel und einen Namen für dieses Gerät ein.',
  'connect.error.invalid_server':
    'Diese Adresse geht nicht. Sie beginnt mit https://, oder ist http://127.0.0.1 oder http://localhost mit Port.',
  'connect.error.refused':
    'Der Server nimmt diesen API-Schlüssel nicht an. Prüfe, ob er vollständig und nicht widerrufen ist.',
  'connect.error.unreachable': 'Keine Antwort von dieser Adresse. Prüfe die Adresse und ob der Server läuft.',
  'connect.error.unavailable': 'Der Server ist ausgelastet. Versuche es in einer Minute noch einmal.',
  'connect.error.not_a_server': 'An dieser Adresse antwortet etwas, aber kein IO-Glance-Server.',
  'connect.error.no_account':
    'Zu diesem API-Schlüssel gehört kein Konto mit Credits. Nimm den Schlüssel eines Kontos.',
  'connect.error.worker': 'Die Erweiterung hat nicht geantwortet. Versuche es noch einmal.',
  'preferences.title': 'Symbolleiste',
  'preferences.sync_minutes': 'Zahl am Symbol auffrischen',
  'preferences.every_minute': 'jede Minute',
  'preferences.every_minutes': 'alle {count} Minuten',
  'preferences.hint': 'Solange IO Glance offen ist, stimmt die Zahl immer.',
};
