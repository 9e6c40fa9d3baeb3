/** Listens on exactly the address given. */
import { createAdaptorServer } from '@hono/node-server'
import type { Hono } from 'hono'
import { routePath } from 'hono/route'
import type { AddressInfo } from 'node:net'

export type ServeOptions = Readonly<{
  host: string
  /** 0: any free one. */
  port: number
  app: Hono
}>

export type Served = Readonly<{
  /** With the port that was taken: `http://127.0.0.1:8080`. */
  url: string
  /** Open connections are cut: nothing here is worth waiting for. */
  close: () => Promise<void>
}>

/** Rejects when the address cannot be had. */
export async function serve({ host, port, app }: ServeOptions): Promise<Served> {
  const isLocal = isLoopback(host)
  const fetch = (request: Request): Response | Promise<Response> =>
    isLocal && !isLoopback(new URL(request.url).hostname) ? misdirected() : app.fetch(request)
  const server = createAdaptorServer({ fetch })
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject)
    server.listen(port, host, resolve)
  })
  const { port: taken } = server.address() as AddressInfo
  return {
    url: `http://${host.includes(':') ? `[${host}]` : host}:${taken}`,
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve())
        if ('closeAllConnections' in server) server.closeAllConnections()
      }),
  }
}

/** Told of each request: the route is the template that matched, or `none`. */
export type OnRequest = (route: string, method: string, code: number, ms: number) => void

/** To be called before the routes are added. */
export function measure(app: Hono, onRequest: OnRequest): void {
  app.use(async (c, next) => {
    const startMs = performance.now()
    await next()
    const route = c.res.status === 404 ? 'none' : routePath(c, -1)
    onRequest(route, c.req.method, c.res.status, performance.now() - startMs)
  })
}

function isLoopback(host: string): boolean {
  return /^(localhost|127(\.\d{1,3}){3}|\[?::1\]?)$/.test(host)
}

/** A page of somewhere else whose name was pointed at this machine asks: it is not meant for it. */
function misdirected(): Response {
  return new Response('This address is served to its own machine only.\n', { status: 421 })
}
