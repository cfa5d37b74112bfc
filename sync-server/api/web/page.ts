// The server's own pages: plain HTML that works without script, one layout, one style sheet, strict headers.
import { readFileSync } from 'node:fs';
import type { Context } from 'hono';
import { html } from 'hono/html';
import { secureHeaders } from 'hono/secure-headers';
import type { HtmlEscapedString } from 'hono/utils/html';
import type { ContentfulStatusCode } from 'hono/utils/http-status';
import type { Api } from '../context.ts';

export type Markup = HtmlEscapedString | Promise<HtmlEscapedString>;

const STYLE = '/assets/page.css';
const HOUR_SECONDS = 3600;

/** What pages may do: show our style, send forms to us, and nothing else. */
export const pageHeaders = secureHeaders({
  contentSecurityPolicy: {
    defaultSrc: ["'none'"],
    styleSrc: ["'self'"],
    imgSrc: ["'self'"],
    formAction: ["'self'"],
    baseUri: ["'none'"],
    frameAncestors: ["'none'"],
  },
  xFrameOptions: 'DENY',
});

/** Whether an address is a page for people, and not a call for programs. */
export function isPage(path: string): boolean {
  return /^\/(finance$|finance\/desk(\/|$)|pay\/|docs$|assets\/)/.test(path);
}

export interface PageParts {
  title: string;
  main: Markup;
  /** Beside the product's name. */
  bar?: Markup;
  narrow?: boolean;
  /** Looks again after so many seconds. */
  refresh?: number;
}

export function sendPage(c: Context, parts: PageParts, status: ContentfulStatusCode = 200) {
  const { title, main, bar, narrow, refresh } = parts;
  return c.html(
    html`<!doctype html>
      <html lang="en">
        <head>
          <meta charset="utf-8" />
          <meta name="viewport" content="width=device-width, initial-scale=1" />
          <title>${title} · IO Glance</title>
          <link rel="stylesheet" href="${STYLE}" />
          ${refresh === undefined ? '' : html`<meta http-equiv="refresh" content="${refresh}" />`}
        </head>
        <body>
          <header>
            <div class="bar"><strong>IO Glance</strong>${bar ?? ''}</div>
          </header>
          <main ${narrow ? html`class="narrow"` : ''}>${main}</main>
        </body>
      </html>`,
    status,
  );
}

export function assetRoutes(api: Api): void {
  const style = readFileSync(new URL('page.css', import.meta.url), 'utf8');
  api.get(STYLE, (c) => {
    c.header('Cache-Control', `public, max-age=${HOUR_SECONDS}`);
    return c.body(style, 200, { 'content-type': 'text/css; charset=utf-8' });
  });
}
