/** The console: one page about this process, the same as JSON, and a way to reload its policy. */
import { Hono } from 'hono'
import type { Context } from 'hono'
import { secureHeaders } from 'hono/secure-headers'
import { readFileSync } from 'node:fs'
import { measure } from './server.ts'
import type { OnRequest } from './server.ts'
import { statusPage } from './status-page.ts'
import { statusNow } from './status.ts'
import type { ReloadView, StatusSources } from './status.ts'

const STYLE = readFileSync(new URL('./status.css', import.meta.url), 'utf8')
const ICON =
  '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 16 16"><circle cx="8" cy="8" r="8" ' +
  'fill="#b45309"/><path d="M7 3h2v6H7zm0 8h2v2H7z" fill="#fff"/></svg>'

export type ConsoleOptions = Readonly<{
  status: StatusSources
  /** Reads the policy again; it is in force, or has been refused, when this returns. */
  reload: () => ReloadView & Readonly<{ isChanged: boolean }>
  onRequest?: OnRequest
}>

const UNPROCESSABLE = 422

export function createConsole({ status, reload, onRequest }: ConsoleOptions): Hono {
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
  app.post('/-/reload', (c) => {
    c.header('Cache-Control', 'no-store')
    if (isFromElsewhere(c)) return c.text('A page of another site may not do this.\n', 403)
    const { isOk, isChanged, problems, needsRestart } = reload()
    return isOk
      ? c.json({ status: 'ok', changed: isChanged, policy: status.policy(), needsRestart })
      : c.json({ status: 'refused', problems }, UNPROCESSABLE)
  })
  app.all('/-/reload', (c) => c.text('POST it.\n', 405, { Allow: 'POST' }))
  app.get('/assets/status.css', (c) => c.body(STYLE, 200, { 'Content-Type': 'text/css' }))
  app.get('/assets/icon.svg', (c) => c.body(ICON, 200, { 'Content-Type': 'image/svg+xml' }))
  return app
}

/** Browsers say where a request comes from; tools send neither header. */
function isFromElsewhere(c: Context): boolean {
  const site = c.req.header('Sec-Fetch-Site')
  const origin = c.req.header('Origin')
  const own = new URL(c.req.url).origin
  const isOther = site !== undefined && site !== 'same-origin' && site !== 'none'
  return isOther || (origin !== undefined && origin !== own)
}
