// The settings page, in English. Words in {braces} are filled in.
export const settings = {
  'options.title': 'Settings',
  'connect.title': 'Connection',
  'connect.server': 'Server address',
  'connect.server_hint': 'https, or a server on this machine',
  'connect.api_key': 'API key',
  'connect.api_key_hint': 'Exchanged for a sign-in of this device, then forgotten',
  'connect.device_name': 'Name of this device',
  'connect.device_default': '{browser} on {system}',
  'connect.submit': 'Connect',
  'connect.submit_waiting': 'Connecting',
  'connect.connected': 'Connected as {name}',
  'connect.connected_unnamed': 'Connected',
  'connect.signed_out': 'The server signed this device out. Enter an API key to sign in again.',
  'connect.not_connected': 'No account yet',
  'connect.sign_out': 'Sign out',
  'connect.sign_out_waiting': 'Signing out',
  'connect.sign_out_hint': 'Ends this sign-in and deletes the numbers kept on this device.',
  'connect.error.invalid_request': 'Enter a server address, an API key and a name for this device.',
  'connect.error.invalid_server':
    'This address cannot be used. It starts with https://, or is http://127.0.0.1 or http://localhost with a port.',
  'connect.error.refused':
    'The server does not accept this API key. Check that it is complete and not revoked.',
  'connect.error.unreachable':
    'No answer from this address. Check the address, and that the server is running.',
  'connect.error.unavailable': 'The server is busy. Try again in a minute.',
  'connect.error.not_a_server': 'Something answers at this address, but it is no IO Glance server.',
  'connect.error.no_account': 'This API key belongs to no account with credits. Use the key of an account.',
  'connect.error.worker': 'The extension did not answer. Try again.',
  'preferences.title': 'Toolbar badge',
  'preferences.sync_minutes': 'Bring the badge up to date',
  'preferences.every_minute': 'every minute',
  'preferences.every_minutes': 'every {count} minutes',
  'preferences.hint': 'While IO Glance is open, it is always up to date.',
} as const;

export type SettingsKey = keyof typeof settings;
