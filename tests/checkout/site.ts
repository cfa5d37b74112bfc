// A look-alike of the IO Cloud checkout, served as https://cloud.io.net: by a local certificate, made when it starts, and
// flags that make one browser go there. Its layouts stand in layouts.js; no asset of the real page is used.
import { createHash, X509Certificate } from 'node:crypto';
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { createServer } from 'node:https';
import { join } from 'node:path';
import { generate } from 'selfsigned';

export const HOST = 'cloud.io.net';
/** The same pages where the extension has nothing to do. */
export const BARE_HOST = 'bare.example';
/** And where a bench puts a script that does nothing. */
export const EMPTY_HOST = 'empty.example';

const FILES: Record<string, [string, string]> = {
  '/look-alike/layouts.js': ['layouts.js', 'text/javascript'],
  '/look-alike/page.css': ['page.css', 'text/css'],
};

export interface CheckoutSite {
  readonly port: number;
  /** What sends a browser's https://cloud.io.net here and lets it trust this one certificate. */
  readonly flags: string[];
  /** Addresses of this site that pages asked for, in order. */
  readonly asked: string[];
  address(layout: string, options?: Record<string, string>): string;
  close(): Promise<void>;
}

/** Starts the site on a free port of this machine. */
export async function startCheckoutSite(): Promise<CheckoutSite> {
  const pem = await generate([{ name: 'commonName', value: HOST }], {
    keySize: 2048,
    algorithm: 'sha256',
    extensions: [{ name: 'subjectAltName', altNames: [{ type: 2, value: HOST }] }],
  });
  const asked: string[] = [];
  const server = createServer({ key: pem.private, cert: pem.cert }, (request, response) => {
    const path = new URL(request.url ?? '/', `https://${HOST}`).pathname;
    asked.push(request.url ?? '');
    const [file, type] = FILES[path] ?? ['page.html', 'text/html'];
    if (path.startsWith('/look-alike/font')) {
      response.writeHead(404).end();
      return;
    }
    response.writeHead(200, { 'content-type': `${type}; charset=utf-8`, 'cache-control': 'no-store' });
    response.end(readFileSync(join(import.meta.dirname, file)));
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  if (address === null || typeof address === 'string') throw new Error('No port was given.');
  const key = new X509Certificate(pem.cert).publicKey.export({ type: 'spki', format: 'der' });
  const hash = createHash('sha256').update(key).digest('base64');
  return {
    port: address.port,
    asked,
    flags: [
      `--host-resolver-rules=${[HOST, BARE_HOST, EMPTY_HOST].map((host) => `MAP ${host}:443 127.0.0.1:${address.port}`).join(',')}`,
      `--ignore-certificate-errors-spki-list=${hash}`,
    ],
    address: (layout, options = {}) =>
      `https://${HOST}/cloud/${layout === 'vm' ? 'virtual-machines' : 'container'}?${new URLSearchParams({ layout, ...options })}`,
    async close() {
      server.closeAllConnections();
      server.close();
      await once(server, 'close');
    },
  };
}
