// The server's log: JSON lines without secrets. What is named as one is cut by name, what slips through by its shape.
import { type DestinationStream, type Logger, pino } from 'pino';

export type Log = Logger;

const SECRET_NAMES = [
  'authorization',
  'api_key',
  'apiKey',
  'token',
  'access_token',
  'refresh_token',
  'secret',
  'secretsKey',
  'password',
  'wallet_address',
];
// Redaction goes by path, so each name is cut at the first three levels.
const PATHS = SECRET_NAMES.flatMap((name) => [name, `*.${name}`, `*.*.${name}`]);

const HIDDEN = '[hidden]';
/** Our keys and tokens, those of io.net, webhook secrets, JWTs, passwords in addresses, EVM and base58 wallet addresses. */
const SHAPES: [RegExp, string][] = [
  [/\b(io[gr]_|whsec_)[A-Za-z0-9+/_=-]{16,}/g, HIDDEN],
  [/\bio-v\d-[A-Za-z0-9._-]{8,}/g, HIDDEN],
  [/\beyJ[A-Za-z0-9_-]+\.[A-Za-z0-9_-]+\.[A-Za-z0-9_-]*/g, HIDDEN],
  [/(:\/\/[^\s:/@"]*):[^\s@"]+@/g, `$1:${HIDDEN}@`],
  [/\b0x[0-9a-fA-F]{40}\b/g, HIDDEN],
  [/\b[1-9A-HJ-NP-Za-km-z]{32,44}\b/g, HIDDEN],
];

/** Cuts everything that looks like a secret or a wallet address out of a text. */
function scrub(text: string): string {
  let clean = text;
  for (const [shape, instead] of SHAPES) clean = clean.replace(shape, instead);
  return clean;
}

/** A log that writes to standard output, or to `destination` in tests. */
export function createLog(level: string, destination?: DestinationStream): Log {
  const options = {
    level,
    base: null,
    timestamp: pino.stdTimeFunctions.isoTime,
    redact: { paths: PATHS, censor: HIDDEN },
    hooks: { streamWrite: scrub },
  };
  return destination ? pino(options, destination) : pino(options);
}
