// For tests: io.net's public API as it is documented, on a real socket, with faults to order.
import { once } from 'node:events';
import { createServer, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';

/** A deployment as the stand-in keeps it: fields of the list's item and of the detail, under their documented names. */
export interface Deployment {
  id: string;
  status: string;
  name: string;
  hardware_quantity: number;
  brand_name: string;
  hardware_name: string;
  compute_minutes_served: number;
  compute_minutes_remaining: number;
  created_at: string;
  started_at: string | null;
  finished_at: string | null;
  amount_paid: number;
  /** Fields that no documentation names. */
  extra?: Record<string, unknown>;
}

/** What goes wrong with an answer: a status (with a Retry-After), or what happens to its bytes. */
export type Fault =
  | { status: number; detail?: unknown; retryAfter?: string }
  | 'slow'
  | 'cut'
  | 'malformed'
  | 'other shape'
  | 'redirect';

export function deployment(id: string, more: Partial<Deployment> = {}): Deployment {
  return {
    id,
    status: 'running',
    name: `name of ${id}`,
    hardware_quantity: 2,
    brand_name: 'NVIDIA',
    hardware_name: 'H100',
    compute_minutes_served: 60,
    compute_minutes_remaining: 180,
    created_at: '2026-01-01T00:00:00.000000',
    started_at: '2026-01-01T00:05:00Z',
    finished_at: null,
    amount_paid: 27.88,
    ...more,
  };
}

export interface StandIn {
  url: string;
  /** Keys that are let in; `manager` ones may see all keys. */
  keys: Map<string, 'plain' | 'manager'>;
  caas: Deployment[];
  vmaas: Deployment[];
  /** Own allowance as answered; `credit_limit` null for none. */
  allowance: { credit_used: number; credit_limit: number | null; remaining_credit: number | null };
  /** Paths that were asked, in order, without the key. */
  asked: string[];
  /** Decides what goes wrong, by path; null for nothing. */
  fault: (path: string) => Fault | null;
  /** Called after each page that was read, to move things under the reader. */
  afterPage: () => void;
  stop(): Promise<void>;
}

const CLOUD = /^\/enterprise\/v1\/io-cloud\/(caas|vmaas)\/(deployments|deployment|price)(?:\/([^/?]+))?$/;

function listed({ id, status, name, ...rest }: Deployment) {
  const { hardware_quantity, brand_name, hardware_name, compute_minutes_served, compute_minutes_remaining } =
    rest;
  const all = compute_minutes_served + compute_minutes_remaining;
  return {
    id,
    status,
    name,
    completed_percent: all === 0 ? 0 : Math.round((compute_minutes_served / all) * 100),
    hardware_quantity,
    brand_name,
    hardware_name,
    compute_minutes_served,
    compute_minutes_remaining,
    ...rest.extra,
  };
}

function detailed(cloud: 'caas' | 'vmaas', one: Deployment) {
  const { id, status, created_at, started_at, finished_at, amount_paid, hardware_name, brand_name } = one;
  const each = cloud === 'caas' ? 'container' : 'vm';
  return {
    id,
    status,
    created_at,
    started_at,
    finished_at,
    amount_paid,
    completed_percent: listed(one).completed_percent,
    total_gpus: one.hardware_quantity,
    [`gpus_per_${each}`]: one.hardware_quantity,
    [`total_${each}s`]: 1,
    hardware_name,
    hardware_id: 203,
    locations: [{ id: 1, iso2: 'US', name: 'United States' }],
    brand_name,
    compute_minutes_served: one.compute_minutes_served,
    compute_minutes_remaining: one.compute_minutes_remaining,
  };
}

/** Starts it on a port of its own. */
export async function startStandIn(): Promise<StandIn> {
  const standIn: StandIn = {
    url: '',
    keys: new Map([['io-key-0123456789', 'plain']]),
    caas: [],
    vmaas: [],
    allowance: { credit_used: 1.25, credit_limit: 10, remaining_credit: 8.75 },
    asked: [],
    fault: () => null,
    afterPage: () => undefined,
    async stop() {
      server.closeAllConnections();
      await new Promise((done) => server.close(done));
    },
  };

  function answer(path: string, query: URLSearchParams, role: 'plain' | 'manager'): [number, unknown] {
    const [, cloud, what, id] = CLOUD.exec(path) ?? [];
    if (cloud === 'caas' || cloud === 'vmaas') {
      const all = standIn[cloud];
      if (what === 'deployments') {
        const [page, size] = [Number(query.get('page')), Number(query.get('page_size'))];
        if (!(size >= 1 && size <= 100)) {
          const issue = { loc: ['query', 'page_size'], msg: 'must be at most 100', type: 'less_than_equal' };
          return [422, { detail: [issue] }];
        }
        const deployments = all.slice(page * size, (page + 1) * size).map(listed);
        const body = { data: { deployments, total: all.length, statuses: [] } };
        standIn.afterPage();
        return [200, body];
      }
      if (what === 'price') {
        return [
          200,
          {
            data: {
              replica_count: Number(query.get('replica_count')),
              available_replica_count: [1, 2, 3],
              discount: 0,
              ionet_fee: 0.0018,
              ionet_fee_percent: 0.25,
              currency_conversion_fee: 0,
              currency_conversion_fee_percent: 0,
              total_cost_usdc: 0.721,
            },
          },
        ];
      }
      const found = all.find((one) => one.id === id);
      return found ? [200, { data: detailed(cloud, found) }] : [404, { detail: 'Not Found' }];
    }
    if (path === '/v1/api-keys/sub-keys/me/usage') {
      const data = { key_id: 'k-1', ...standIn.allowance, credit_refresh_cycle: 'monthly' };
      return [200, { status: 'succeeded', data }];
    }
    if (path === '/v1/api-keys/sub-keys/usage') {
      if (role === 'plain') return [403, { detail: 'Not allowed' }];
      const use = (input_tokens: number, credit_cost: number) => ({
        models: [{ model_name: 'openai/gpt-oss-120b', input_tokens, output_tokens: 10, credit_cost }],
      });
      const totals = { today_credit_cost: 0.5, all_time_credit_cost: 12.5 };
      const key = { key_id: 'k-1', today: use(100, 0.5), all_time: use(5_000, 12.5), totals };
      return [200, { status: 'succeeded', data: [key, { ...key, key_id: 'k-2' }] }];
    }
    if (path === '/api/v1/models') return [200, { object: 'list', data: [{ id: 'openai/gpt-oss-120b' }] }];
    return [404, { detail: 'Not Found' }];
  }

  function spoil(fault: Exclude<Fault, { status: number }>, response: ServerResponse): void {
    const json = { 'content-type': 'application/json' };
    if (fault === 'cut') {
      response.writeHead(200, { ...json, 'content-length': '5000' }).write('{"data":{"deployments":[');
      setTimeout(() => response.destroy(), 5);
    } else if (fault === 'malformed') response.writeHead(200, json).end('<html>not json</html>');
    else if (fault === 'other shape') response.writeHead(200, json).end('{"data":{"deployments":"none"}}');
    else if (fault === 'redirect') response.writeHead(302, { location: 'http://127.0.0.1:9/steal' }).end();
    // 'slow' says nothing at all.
  }

  const server = createServer((request, response) => {
    const url = new URL(request.url ?? '/', 'http://stand-in');
    standIn.asked.push(`${url.pathname}${url.search}`);
    const fault = standIn.fault(url.pathname);
    if (typeof fault === 'string') return spoil(fault, response);
    const bearer = request.headers.authorization?.replace(/^Bearer /, '');
    const role = standIn.keys.get(String(request.headers['x-api-key'] ?? bearer));
    const [status, body] = fault
      ? [fault.status, { detail: fault.detail ?? 'ordered' }]
      : role
        ? answer(url.pathname, url.searchParams, role)
        : [401, { detail: `Invalid key ${String(request.headers['x-api-key'])}` }];
    const wait = fault?.retryAfter === undefined ? {} : { 'retry-after': fault.retryAfter };
    response.writeHead(status, { 'content-type': 'application/json', ...wait }).end(JSON.stringify(body));
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  standIn.url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  return standIn;
}
