// Asking io.net's public API with somebody's key: every answer is checked, every failure has a kind, and the key goes
// nowhere but to the address that was configured.
import * as z from 'zod';
import { type Clock, DAY, type Ms, SECOND } from '../../../shared/time.ts';
import { AllKeys, Detail, type KeyUse, ListItem, ListPage, Models, OwnKey, Price } from './api-schema.ts';

const PAGE_SIZE = 100;
const MAX_PAGES = 50;
/** A list that moves while it is read is read again so often. */
const READS = 3;
const ANSWER_WITHIN: Ms = 15 * SECOND;
const MAX_BYTES = 4_000_000;
const MAX_DETAIL = 300;

const DEFAULT_API = 'https://api.io.solutions';
const MODELS_API = 'https://api.intelligence.io.solutions';

export type Cloud = 'caas' | 'vmaas';

/**
 * `key_refused` 401 · `not_allowed` 403 · `rejected` another 4xx · `limited` 429 · `unavailable` 5xx, no answer, or one
 * that came too late or was cut off · `malformed` an answer that is not as documented.
 */
export type Failure = 'key_refused' | 'not_allowed' | 'rejected' | 'limited' | 'unavailable' | 'malformed';

/** io.net gave no answer that can be used. The message never holds the key. */
export class IonetError extends Error {
  readonly failure: Failure;
  /** For `limited`: how long io.net asks to wait; null when it does not say. */
  readonly retryAfter: Ms | null;
  constructor(failure: Failure, message: string, retryAfter: Ms | null = null, options?: ErrorOptions) {
    super(message, options);
    this.name = 'IonetError';
    this.failure = failure;
    this.retryAfter = retryAfter;
  }
}

export interface IonetClient {
  /** All deployments. One that cannot be read is left out; `skipped` counts them. @throws IonetError */
  deployments(cloud: Cloud): Promise<{ items: ListItem[]; skipped: number }>;
  /** @throws IonetError */
  deployment(cloud: Cloud, id: string): Promise<Detail>;
  /** What a deployment would cost. @throws IonetError */
  price(
    cloud: Cloud,
    wish: { locations: number[]; hardware: number; hours: number; gpus: number; replicas: number },
  ): Promise<Price>;
  /** The key's own allowance; not the account's balance, which no key can read. @throws IonetError */
  ownKey(): Promise<OwnKey>;
  /** Usage of all keys; for keys that manage keys only. @throws IonetError */
  allKeys(): Promise<KeyUse[]>;
  /** Names of the models there are. @throws IonetError */
  models(): Promise<string[]>;
}

export interface ClientOptions {
  /** Under which all paths hang. */
  baseUrl: string;
  apiKey: string;
  fetch?: typeof globalThis.fetch;
  answerWithin?: Ms;
  /** Real time, for dates by which io.net asks to wait. */
  clock: Clock;
  signal?: AbortSignal;
}

const Problem = z.looseObject({
  detail: z.union([z.string(), z.array(z.looseObject({ msg: z.string().optional() }))]),
});

/** What an error's body says, without what it may repeat of the request. */
function detailOf(body: string, apiKey: string): string {
  let said: string;
  try {
    const { detail } = Problem.parse(JSON.parse(body));
    said = typeof detail === 'string' ? detail : detail.map(({ msg }) => msg ?? '').join('; ');
  } catch {
    return '';
  }
  return said.replaceAll(apiKey, '[key]').slice(0, MAX_DETAIL);
}

/** Seconds, or an HTTP date; at most a day is believed. */
export function retryAfterOf(header: string | null, now: Ms): Ms | null {
  if (header === null) return null;
  const wait = /^\d{1,9}$/.test(header.trim()) ? Number(header) * SECOND : Date.parse(header) - now;
  return Number.isFinite(wait) ? Math.min(Math.max(0, wait), DAY) : null;
}

function failureOf(status: number): Failure {
  if (status === 401) return 'key_refused';
  if (status === 403) return 'not_allowed';
  if (status === 429) return 'limited';
  return status >= 400 && status < 500 ? 'rejected' : 'unavailable';
}

async function readBody(response: Response): Promise<string> {
  const chunks: Uint8Array[] = [];
  let bytes = 0;
  for await (const chunk of response.body ?? []) {
    bytes += chunk.byteLength;
    if (bytes > MAX_BYTES) throw new IonetError('malformed', `io.net answered more than ${MAX_BYTES} bytes.`);
    chunks.push(chunk);
  }
  return Buffer.concat(chunks).toString('utf8');
}

export function createClient(options: ClientOptions): IonetClient {
  const { baseUrl, apiKey, clock, fetch = globalThis.fetch, answerWithin = ANSWER_WITHIN, signal } = options;

  /** @throws IonetError */
  async function get<T extends z.ZodType>(
    schema: T,
    path: string,
    {
      base = baseUrl,
      headers = { 'x-api-key': apiKey },
    }: { base?: string; headers?: Record<string, string> } = {},
  ): Promise<z.output<T>> {
    const late = AbortSignal.timeout(answerWithin);
    let status: number;
    let body: string;
    let wait: Ms | null;
    try {
      const response = await fetch(`${base}${path}`, {
        headers: { accept: 'application/json', ...headers },
        // A key is not carried to wherever somebody points.
        redirect: 'error',
        signal: signal ? AbortSignal.any([late, signal]) : late,
      });
      ({ status } = response);
      wait = retryAfterOf(response.headers.get('retry-after'), clock.now());
      body = await readBody(response);
    } catch (error) {
      if (error instanceof IonetError) throw error;
      const why = late.aborted ? 'did not answer in time' : 'could not be reached';
      throw new IonetError('unavailable', `io.net ${why}.`, null, { cause: error });
    }
    if (status < 200 || status > 299) {
      const said = detailOf(body, apiKey);
      throw new IonetError(failureOf(status), `io.net answered ${status}${said && `: ${said}`}`, wait);
    }
    let json: unknown;
    try {
      json = JSON.parse(body);
    } catch (error) {
      throw new IonetError('malformed', 'io.net answered what is no JSON.', null, { cause: error });
    }
    const parsed = schema.safeParse(json);
    if (parsed.success) return parsed.data;
    const [issue] = parsed.error.issues;
    throw new IonetError(
      'malformed',
      `io.net answered another shape: ${issue?.path.join('.')} ${issue?.message}`,
    );
  }

  const cloudPath = (cloud: Cloud) => `/enterprise/v1/io-cloud/${cloud}`;

  /** One reading of all pages. `whole` is false when the list moved under it. */
  async function readList(cloud: Cloud) {
    const items = new Map<string, ListItem>();
    let [skipped, seen, whole] = [0, 0, true];
    let total: number | null = null;
    for (let page = 0; page < MAX_PAGES; page += 1) {
      const path = `${cloudPath(cloud)}/deployments?page=${page}&page_size=${PAGE_SIZE}`;
      const { data } = await get(ListPage, path);
      whole &&= total === null || total === data.total;
      ({ total } = data);
      for (const raw of data.deployments) {
        const item = ListItem.safeParse(raw);
        seen += 1;
        if (!item.success) skipped += 1;
        else {
          whole &&= !items.has(item.data.id);
          items.set(item.data.id, item.data);
        }
      }
      if (data.deployments.length === 0 || seen >= total) break;
    }
    return { items, skipped, whole: whole && seen === total };
  }

  return {
    async deployments(cloud) {
      // What moved from one page to another while reading may have been missed: read again, and keep all that was seen.
      const found = new Map<string, ListItem>();
      let skipped = 0;
      for (let read = 0; read < READS; read += 1) {
        const list = await readList(cloud);
        for (const [id, item] of list.items) found.set(id, item);
        ({ skipped } = list);
        if (list.whole) break;
      }
      return { items: [...found.values()], skipped };
    },
    async deployment(cloud, id) {
      return (await get(Detail, `${cloudPath(cloud)}/deployment/${encodeURIComponent(id)}`)).data;
    },
    async price(cloud, { locations, hardware, hours, gpus, replicas }) {
      const query = new URLSearchParams({
        location_ids: JSON.stringify(locations),
        hardware_id: String(hardware),
        duration_hours: String(hours),
        [cloud === 'caas' ? 'gpus_per_container' : 'gpus_per_vm']: String(gpus),
        replica_count: String(replicas),
      });
      return (await get(Price, `${cloudPath(cloud)}/price?${query}`)).data;
    },
    async ownKey() {
      return (await get(OwnKey, '/v1/api-keys/sub-keys/me/usage')).data;
    },
    async allKeys() {
      return (await get(AllKeys, '/v1/api-keys/sub-keys/usage')).data;
    },
    async models() {
      const base = baseUrl === DEFAULT_API ? MODELS_API : baseUrl;
      const headers = { authorization: `Bearer ${apiKey}` };
      return (await get(Models, '/api/v1/models', { base, headers })).data.map(({ id }) => id);
    },
  };
}
