import { describe, expect, test } from 'vitest'
import { createProbes } from '../../src/console/probes.ts'
import type { Health } from '../../src/console/probes.ts'

const well: Health = { ok: true, reasons: [] }

function given(differing: Partial<Record<'alive' | 'ready' | 'started', Health>> = {}) {
  const { alive = well, ready = well, started = well } = differing
  return createProbes({
    ...{ alive: () => alive, ready: () => ready, started: () => started },
    scrape: async () => ({ body: 'forewarn_ready 1\n', contentType: 'text/plain; version=0.0.4' }),
  })
}

describe('probes', () => {
  test.each(['/livez', '/readyz', '/startupz', '/healthz'])(
    '%s is 200 when all is well',
    async (path) => {
      const answer = await given().request(path)
      expect([answer.status, await answer.text()]).toEqual([200, '{"status":"ok"}'])
    },
  )

  test.each([
    ['alive', ['/livez', '/healthz']],
    ['ready', ['/readyz']],
    ['started', ['/startupz']],
  ] as const)('%s decides %s and no other', async (which, decided) => {
    const app = given({ [which]: { ok: false, reasons: ['partition 3 makes no progress'] } })
    for (const path of ['/livez', '/readyz', '/startupz', '/healthz']) {
      const expected = (decided as readonly string[]).includes(path) ? 503 : 200
      expect([path, (await app.request(path)).status]).toEqual([path, expected])
    }
  })

  test('tell the reasons only to those who ask', async () => {
    const app = given({ ready: { ok: false, reasons: ['not joined yet'] } })
    expect(await (await app.request('/readyz')).text()).toBe('{"status":"unavailable"}')
    expect(await (await app.request('/readyz?verbose')).json()).toEqual({
      ...{ status: 'unavailable', reasons: ['not joined yet'] },
    })
  })

  test('stand beside the metrics', async () => {
    const answer = await given().request('/metrics')
    expect(answer.headers.get('content-type')).toBe('text/plain; version=0.0.4')
    expect(await answer.text()).toBe('forewarn_ready 1\n')
  })
})
