/** The console: one read-only page about this process, and the same as JSON. */
import { Hono } from 'hono'
import { secureHeaders } from 'hono/secure-headers'
import { readFileSync } from 'node:fs'
import { measure } from './server.ts'
import type { OnRequest } from './server.ts'
import { statusPage } from './status-page.ts'
import { statusNow } from './status.ts'
import type { StatusSources } from './status.ts'

const STYLE = readFileSync(new URL('./status.css', import.meta.url), 'utf8')
const ICON =
  '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 16 16"><circle cx="8" cy="8" r="8" ' +
  'fill="#b45309"/><path d="M7 3h2v6H7zm0 8h2v2H7z" fill="#fff"/></svg>'

export type ConsoleOptions = Readonly<{ status: StatusSources; onRequest?: OnRequest }>

export function createConsole({ status, onRequest }: ConsoleOptions): Hono {
  const app = new Hono()
  if (onRequest !== undefined) measure(app, onRequest)
  // Nothing is loaded from elsewhere, nothing runs, nobody may frame it.
  const self = ["'self'"]
  const none = ["'none'"]
  app.use(
    secureHeaders({
      contentSecurityPolicy: {
        ...{ defaultSrc: none, styleSrc: self, imgSrc: self },
        ...{ baseUri: none, formAction: none, frameAncestors: none },
      },
      referrerPolicy: 'no-referrer',
      // Plain HTTP behind whatever ends TLS: that one may promise it.
      strictTransportSecurity: false,
    }),
  )
  app.get('/', (c) => {
    c.header('Cache-Control', 'no-store')
    return c.html(statusPage(statusNow(status), c.req.query('paused') !== undefined))
  })
  app.get('/api/status', (c) => {
    c.header('Cache-Control', 'no-store')
    return c.json(statusNow(status))
  })
  app.get('/assets/status.css', (c) => c.body(STYLE, 200, { 'Content-Type': 'text/css' }))
  app.get('/assets/icon.svg', (c) => c.body(ICON, 200, { 'Content-Type': 'image/svg+xml' }))
  return app
}
