/** Probes and metrics, for the orchestrator and Prometheus: on an address of their own. */
import { Hono } from 'hono'
import type { Context } from 'hono'

/** `reasons` says why not, for an operator. */
export type Health = Readonly<{ ok: boolean; reasons: readonly string[] }>

export type ProbesOptions = Readonly<{
  /** Progress, or proven idleness. Never asks a dependency: a restart would not mend that. */
  alive: () => Health
  /** Configured, joined, the store answers, not draining. */
  ready: () => Health
  /** Joined once: until then liveness is not asked. */
  started: () => Health
  scrape: () => Promise<Readonly<{ body: string; contentType: string }>>
}>

const UNAVAILABLE = 503

/** `/livez`, `/readyz`, `/startupz`, `/healthz` as another name of liveness, and `/metrics`. */
export function createProbes({ alive, ready, started, scrape }: ProbesOptions): Hono {
  const app = new Hono()
  const probes = { '/livez': alive, '/healthz': alive, '/readyz': ready, '/startupz': started }
  for (const [path, ask] of Object.entries(probes)) app.get(path, (c) => answer(c, ask()))
  app.get('/metrics', async (c) => {
    const { body, contentType } = await scrape()
    return c.body(body, 200, { 'Content-Type': contentType })
  })
  return app
}

/** The reasons only with `?verbose`: a probe needs the status code alone. */
function answer(c: Context, { ok, reasons }: Health): Response {
  const isVerbose = c.req.query('verbose') !== undefined
  const status = ok ? 'ok' : 'unavailable'
  c.header('Cache-Control', 'no-store')
  return c.json(isVerbose ? { status, reasons } : { status }, ok ? 200 : UNAVAILABLE)
}
