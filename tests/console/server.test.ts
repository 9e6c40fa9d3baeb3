import { get } from 'node:http'
import { Hono } from 'hono'
import { afterEach, expect, test } from 'vitest'
import { serve } from '../../src/console/server.ts'
import type { Served } from '../../src/console/server.ts'

const open: Served[] = []
afterEach(async () => {
  for (const served of open.splice(0)) await served.close()
})

async function given(): Promise<Served & { asked: Promise<void> }> {
  const app = new Hono()
  const asked = Promise.withResolvers<void>()
  app.get('/for-ever', () => {
    asked.resolve()
    return new Promise<Response>(() => {})
  })
  app.get('/', (c) => c.text('here'))
  const served = await serve({ host: '127.0.0.1', port: 0, app })
  open.push(served)
  return { ...served, asked: asked.promise }
}

/** fetch does not let a caller choose the Host. */
function statusFor(url: string, host: string): Promise<number | undefined> {
  return new Promise((resolve, reject) => {
    get(url, { headers: { host } }, (answer) => {
      answer.resume()
      resolve(answer.statusCode)
    }).on('error', reject)
  })
}

test('listens on the address given and tells its port', async () => {
  const { url } = await given()
  expect(url).toMatch(/^http:\/\/127\.0\.0\.1:[1-9]\d*$/)
  expect(await (await fetch(url)).text()).toBe('here')
})

test('is gone after close, also while a request is being answered', async () => {
  const { url, close, asked } = await given()
  const unanswered = fetch(`${url}/for-ever`).catch((error: Error) => error.message)
  await asked
  await close()
  expect(await unanswered).toBe('fetch failed')
  await expect(fetch(url)).rejects.toThrow('fetch failed')
})

test('rejects when the port is taken', async () => {
  const { url } = await given()
  const taken = { host: '127.0.0.1', port: Number(new URL(url).port), app: new Hono() }
  await expect(serve(taken)).rejects.toThrow('EADDRINUSE')
})

test.each([
  ['localhost:8080', 200],
  ['127.0.0.1:1', 200],
  ['[::1]:8080', 200],
  ['evil.example', 421],
  ['127.0.0.1.evil.example', 421],
])('on a loopback address a request for %s is answered with %i', async (host, status) => {
  expect(await statusFor((await given()).url, host)).toBe(status)
})
