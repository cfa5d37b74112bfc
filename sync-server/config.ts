// The server's environment: one schema for every variable. A bad value stops the start and says what to write instead.
import { z } from 'zod';
import { POLICY_NAMES } from './api/limits.ts';
import { AmountError, type Micros, parseAmountOrZero } from '../shared/money.ts';

const MIN_SECRET_BYTES = 24;
const MAX_SECRET_BYTES = 64;
// A real random key has many different bytes; "changeme" repeated, or all zeros, has few.
const MIN_DISTINCT_BYTES = 8;

const SECRET_COMMAND = (prefix: string) =>
  `node -p "'${prefix}' + crypto.randomBytes(32).toString('base64')"`;

/** What to write for each variable; shown when its value is bad. */
const EXAMPLES = {
  HOST: '127.0.0.1',
  PORT: '4700',
  DATA_DIR: './data',
  DATABASE_URL: 'postgres://glance@127.0.0.1/glance',
  LOG_LEVEL: 'info',
  PUBLIC_URL: 'https://glance.example.com',
  TRUST_PROXY: 'off',
  PAYMENT_WEBHOOK_SECRET: `a value made by ${SECRET_COMMAND('whsec_')}`,
  SECRETS_KEY: `a value made by ${SECRET_COMMAND('')}`,
  PAYMENTS: 'https://pay.example.com/start?order={purchase_id}&amount={total}',
  FIAT_FEE_BPS: '300',
  ALLOWANCE: '10',
  GRACE_SECONDS: '300',
  HOLD_SECONDS: '900',
  PURCHASE_TTL_DAYS: 'off',
  CARD_HOLD_DAYS: '0',
  RATE_LIMITS: 'on',
  METRICS_PUBLIC: 'off',
  EXTENSION_ORIGINS: 'chrome-extension://abcdefghijklmnopabcdefghijklmnop',
  IONET_API_URL: 'https://api.io.solutions',
  CLOCK: 'system',
  NTP_SERVER: 'pool.ntp.org',
} as const;
export type Variable = keyof typeof EXAMPLES;
/** Every variable there is; the README's table names the same. */
export const VARIABLES: readonly string[] = Object.keys(EXAMPLES);

function whole(min: number, max: number, byDefault: number) {
  return z
    .string()
    .regex(/^\d{1,9}$/, `must be a whole number from ${min} to ${max}`)
    .transform(Number)
    .refine((value) => value >= min && value <= max, `must be a whole number from ${min} to ${max}`)
    .default(byDefault);
}

function onOff(byDefault: boolean) {
  return z
    .enum(['on', 'off'], 'must be on or off')
    .transform((value) => value === 'on')
    .default(byDefault);
}

function address(protocols: string[]) {
  return z
    .string()
    .refine(
      (text) => URL.canParse(text) && protocols.includes(new URL(text).protocol),
      `must be an address that starts with ${protocols.map((name) => `${name}//`).join(' or ')}`,
    )
    .transform((text) => text.replace(/\/+$/, ''));
}

/** Reads base64 strictly; null when it is none, so that a mistyped key is never half used. */
function base64(text: string): Buffer | null {
  if (!/^[A-Za-z0-9+/]+={0,2}$/.test(text)) return null;
  const bytes = Buffer.from(text, 'base64');
  return bytes.toString('base64').replace(/=+$/, '') === text.replace(/=+$/, '') ? bytes : null;
}

const looksRandom = (bytes: Buffer) => new Set(bytes).size >= MIN_DISTINCT_BYTES;

const webhookSecrets = z.string('is missing').transform((text, context) => {
  const secrets = text.split(',').map((part) => part.trim());
  for (const secret of secrets) {
    const bytes = secret.startsWith('whsec_') ? base64(secret.slice('whsec_'.length)) : null;
    if (!bytes || bytes.length < MIN_SECRET_BYTES || bytes.length > MAX_SECRET_BYTES) {
      context.addIssue(
        `must be whsec_ and ${MIN_SECRET_BYTES} to ${MAX_SECRET_BYTES} bytes in base64 (several with commas while rotating)`,
      );
      return z.NEVER;
    }
    if (!looksRandom(bytes)) {
      context.addIssue('is a placeholder, not a random secret');
      return z.NEVER;
    }
  }
  return secrets;
});

const secretsKey = z.string('is missing').transform((text, context) => {
  const bytes = base64(text);
  if (bytes?.length !== 32) {
    context.addIssue('must be 32 bytes in base64');
    return z.NEVER;
  }
  if (!looksRandom(bytes)) {
    context.addIssue('is a placeholder, not a random key');
    return z.NEVER;
  }
  return bytes;
});

const credits = z.string().transform((text, context): Micros => {
  try {
    return parseAmountOrZero(text);
  } catch (error) {
    if (!(error instanceof AmountError)) throw error;
    context.addIssue('must be an amount of credits such as 10 or 12.50');
    return z.NEVER;
  }
});

const origins = z
  .string()
  .transform((text) => text.split(',').map((part) => part.trim().replace(/\/$/, '')))
  .refine(
    (list) => list.every((origin) => /^(chrome|moz)-extension:\/\/[a-z0-9-]{1,64}$/.test(origin)),
    'must be extension origins, separated by commas',
  );

const rateLimits = z
  .string()
  .transform((text, context): boolean | Record<string, number> => {
    if (text === 'on' || text === 'off') return text === 'on';
    try {
      return z.partialRecord(z.enum(POLICY_NAMES), z.number().int().positive()).parse(JSON.parse(text));
    } catch {
      context.addIssue(
        `must be on, off, or JSON such as {"reads":600}; there are ${POLICY_NAMES.join(', ')}`,
      );
      return z.NEVER;
    }
  })
  .default(true);

/** Where purchases are paid: nowhere, on a page of this server that moves no money, or at a provider's address. */
const payments = z
  .string()
  .refine(
    (text) =>
      text === 'off' ||
      text === 'local' ||
      (URL.canParse(text) && new URL(text).protocol === 'https:' && text.includes('{purchase_id}')),
    'must be off, local, or an https address with {purchase_id} in it',
  )
  .default('off');

const hostName = z.string().regex(/^[A-Za-z0-9.:_-]{1,255}$/, 'must be a host name or an IP address');

const Environment = z.object({
  HOST: hostName.default('127.0.0.1'),
  PORT: whole(0, 65_535, 4700),
  DATA_DIR: z.string().min(1, 'must be a folder').max(4096, 'must be a folder').default('./data'),
  DATABASE_URL: address(['postgres:', 'postgresql:']).optional(),
  LOG_LEVEL: z
    .enum(['fatal', 'error', 'warn', 'info', 'debug', 'trace', 'silent'], 'must be a level of the log')
    .default('info'),
  PUBLIC_URL: address(['https:', 'http:']).optional(),
  TRUST_PROXY: onOff(false),
  PAYMENT_WEBHOOK_SECRET: webhookSecrets,
  SECRETS_KEY: secretsKey,
  PAYMENTS: payments,
  FIAT_FEE_BPS: whole(0, 10_000, 300),
  ALLOWANCE: credits.default(10_000_000n),
  GRACE_SECONDS: whole(1, 86_400, 300),
  HOLD_SECONDS: whole(1, 86_400, 900),
  PURCHASE_TTL_DAYS: z.union([z.literal('off').transform(() => null), whole(1, 3650, 365)]).default(null),
  CARD_HOLD_DAYS: whole(0, 365, 0),
  RATE_LIMITS: rateLimits,
  METRICS_PUBLIC: onOff(false),
  EXTENSION_ORIGINS: origins.optional(),
  IONET_API_URL: address(['https:', 'http:']).default('https://api.io.solutions'),
  CLOCK: z.enum(['system', 'test'], 'must be system or test').default('system'),
  NTP_SERVER: hostName.optional(),
});

/** The whole environment, checked; names are the variables' own. */
export type Config = z.output<typeof Environment>;

/** What a tool needs to open the same ledger as the server: everything but the secrets. */
const Place = Environment.omit({ PAYMENT_WEBHOOK_SECRET: true, SECRETS_KEY: true });
export type Place = z.output<typeof Place>;

/** Every bad variable in one message, one line each; never the value of any. */
export class ConfigError extends Error {
  constructor(lines: string[]) {
    super(lines.join('\n'));
    this.name = 'ConfigError';
  }
}

type Env = Record<string, string | undefined>;

function parse<T extends z.ZodType>(schema: T, env: Env): z.output<T> {
  // An empty variable is an unset one, as shells and compose files write it.
  const set = Object.fromEntries(
    Object.entries(env).filter(([, value]) => value !== undefined && value !== ''),
  );
  const result = schema.safeParse(set);
  if (result.success) return result.data;
  throw new ConfigError(
    result.error.issues.map((issue) => {
      const name = String(issue.path[0] ?? '');
      const example = name in EXAMPLES ? EXAMPLES[name as Variable] : '';
      const message =
        name === 'PURCHASE_TTL_DAYS' ? 'must be off or a whole number from 1 to 3650' : issue.message;
      return `${name} ${message}. Example: ${example.startsWith('a value') ? example : `${name}=${example}`}`;
    }),
  );
}

const LOOPBACK = new Set(['127.0.0.1', '::1', 'localhost']);

/** Reads the environment. @throws ConfigError naming each variable, what is wrong with it, and an example. */
export function readConfig(env: Env): Config {
  const config = parse(Environment, env);
  if (config.CLOCK === 'test' && !LOOPBACK.has(config.HOST)) {
    throw new ConfigError(['CLOCK test is for loopback only. Example: HOST=127.0.0.1, or CLOCK=system']);
  }
  if (config.PAYMENTS === 'local' && !LOOPBACK.has(config.HOST)) {
    throw new ConfigError([
      'PAYMENTS local gives credits for nothing, so it is for loopback only. Example: HOST=127.0.0.1, or PAYMENTS=off',
    ]);
  }
  return config;
}

/** Where the data is and what its rules are, for tools that need no secret. @throws ConfigError */
export function readPlace(env: Env): Place {
  return parse(Place, env);
}
