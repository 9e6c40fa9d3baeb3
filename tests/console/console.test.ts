import { describe, expect, test } from 'vitest'
import { createConsole } from '../../src/console/console.ts'
import type { ConsoleOptions } from '../../src/console/console.ts'
import type { StatusSources } from '../../src/console/status.ts'
import { givenStatus, NOW_MS, PARTITIONS, tellSome } from './given-status.ts'

type Reload = ConsoleOptions['reload']
const RELOADED: ReturnType<Reload> = {
  ...{ atMs: NOW_MS, isOk: true, isChanged: true, problems: [], needsRestart: [] },
}

function given(differing: Partial<StatusSources> = {}, reload: Reload = () => RELOADED) {
  const { status, observer } = givenStatus(differing)
  const asked: string[] = []
  const app = createConsole({
    ...{ status, reload },
    onRequest: (route, method, code) => asked.push(`${method} ${route} ${code}`),
  })
  const page = async (path = '/') => (await app.request(path)).text()
  return { app, observer, page, asked }
}

/** Text as a reader gets it, spaces joined. */
const readable = (page: string) => page.replaceAll(/<[^>]*>/g, ' ').replaceAll(/\s+/g, ' ')

describe('the status page', () => {
  test('shows partitions, warnings and dead letters', async () => {
    const { observer, page } = given()
    tellSome(observer)
    const text = readable(await page())
    expect(text).toContain('1 ↻ catching-up 1,200,345 1,310,000 109,655 0')
    expect(text).toContain('2 ◌ blind 7,012 7,012 0 12 2026-04-14 22:58:15 UTC 1 h 2 min ago store')
    expect(text).toContain('3 ✕ stopped – – – 0 – a person')
    expect(text).toContain('Partition 3: retention-gap , offsets 5,000 to 9,200')
    expect(text).toContain(
      '2026-04-12 00:00:00 +08:00 ▲ final-warning terminal-inactivity raised suspension on 2026-04-15 …0042',
    )
    expect(text).toContain('card-data 3 json-invalid 1')
    expect(text).toContain('Forewarn 1.2.3 · policy cn 9f2c41d07ab3 · running for 2 d 3 h')
  })

  test('says what is not judged for now', async () => {
    const silences = [{ name: 'absence-wave:2026-01-10', accounts: 60, sinceMs: NOW_MS }]
    const partitions = PARTITIONS.map((it) => (it.partition === 0 ? { ...it, silences } : it))
    const text = readable(await given({ partitions: () => partitions }).page())
    expect(text).toContain('Partition 0: 60 merchants fell silent together')
    expect(text).toContain('the incident absence-wave:2026-01-10 is closed')
    expect(text).toContain('Partition 2: blind')
  })

  test('keeps in sight what somebody went on in spite of', async () => {
    const gap = { kind: 'retention-gap', fromOffset: 5_000, toOffset: 9_200, continuedAt: 9_200 }
    const accepted = [{ ...gap, by: 'ops', atMs: NOW_MS - 60_000 }]
    const partitions = PARTITIONS.map((it) => (it.partition === 0 ? { ...it, accepted } : it))
    const text = readable(await given({ partitions: () => partitions }).page())
    expect(text).toContain(
      'Partition 0: retention-gap, offsets 5,000 to 9,200, accepted by ops 2026-04-14 23:59:20 UTC ; read on at 9,200.',
    )
    expect(readable(await given().page())).not.toContain('Accepted incidents')
  })

  test('says what there is not yet', async () => {
    const { page } = given({ partitions: () => [] })
    const text = readable(await page())
    expect(text).toContain('No warning so far.')
    expect(text).toContain('No partition is assigned to this process yet.')
    expect(text).toContain('No record was refused.')
    expect(text).not.toContain('Incidents')
  })

  test('says why it is not ready', async () => {
    const ready = () => ({ ok: false, reasons: ['Redis does not answer', 'not joined yet'] })
    expect(readable(await given({ ready }).page())).toContain(
      '✕ not ready Redis does not answer; not joined yet',
    )
  })

  test('never shows a merchant in full', async () => {
    const { app, observer, page } = given()
    tellSome(observer)
    const json = await (await app.request('/api/status')).text()
    for (const text of [await page(), json]) expect(text).not.toMatch(/M1000(042|777|900)/)
    expect(json).toContain('…0042')
  })

  test('escapes what it is given', async () => {
    const hostile = '<script>alert(1)</script>'
    const { page } = given({ topic: hostile, ready: () => ({ ok: false, reasons: [hostile] }) })
    expect(await page()).not.toContain('<script')
  })

  test('reloads itself until it is asked not to', async () => {
    const { page } = given()
    expect(await page()).toContain('http-equiv="refresh"')
    const paused = await page('/?paused')
    expect(paused).not.toContain('http-equiv="refresh"')
    expect(paused).toContain('<a href="/">Resume refresh</a>')
  })

  test('has tables that a screen reader can tell', async () => {
    const { observer, page } = given()
    tellSome(observer)
    const tables = (await page()).split('<table').slice(1)
    expect(tables).toHaveLength(3)
    for (const table of tables) {
      expect(table).toContain('<caption>')
      expect(table).not.toMatch(/<th(?! scope|ead)/)
    }
  })
})

describe('what is sent with it', () => {
  test('lets nothing run and nobody frame it', async () => {
    const { headers } = await given().app.request('/')
    expect(headers.get('content-security-policy')).toBe(
      "default-src 'none'; style-src 'self'; img-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'",
    )
    expect(headers.get('x-content-type-options')).toBe('nosniff')
    expect(headers.get('cache-control')).toBe('no-store')
    expect(await given().page()).not.toMatch(/<script|style=|onclick/)
  })

  test('includes the style and the icon it names', async () => {
    const { app, page } = given()
    const names = [...(await page()).matchAll(/href="(\/assets\/[^"]+)"/g)].map(([, name]) => name)
    expect(names).toHaveLength(2)
    for (const name of names) expect((await app.request(name ?? '')).status).toBe(200)
  })

  test('is counted by route, never by the path asked for', async () => {
    const { app, asked } = given()
    for (const path of ['/', '/?paused', '/api/status', '/M1000042']) await app.request(path)
    await app.request('/', { method: 'POST' })
    expect(asked).toEqual([
      ...['GET / 200', 'GET / 200', 'GET /api/status 200', 'GET none 404', 'POST none 404'],
    ])
  })
})

describe('a reload', () => {
  const post = (app: ReturnType<typeof given>['app'], headers = {}) =>
    app.request('/-/reload', { method: 'POST', headers })

  test('is done by a POST, and tells what judges now', async () => {
    const { app, asked } = given()
    const answer = await post(app)
    expect(answer.status).toBe(200)
    expect(await answer.json()).toEqual({
      ...{ status: 'ok', changed: true, needsRestart: [] },
      policy: [{ profile: 'cn', hash: '9f2c41d07ab3' }],
    })
    expect(asked).toEqual(['POST /-/reload 200'])
  })

  test('of a wrong file is refused with all that is wrong', async () => {
    const problems = ['cn.yaml:4: detectors.fee-overdue: unknown key']
    const { app } = given({}, () => ({ ...RELOADED, isOk: false, isChanged: false, problems }))
    const answer = await post(app)
    expect(answer.status).toBe(422)
    expect(await answer.json()).toEqual({ status: 'refused', problems })
  })

  test.each([
    [{ 'Sec-Fetch-Site': 'cross-site' }, 403],
    [{ 'Sec-Fetch-Site': 'same-site' }, 403],
    [{ Origin: 'https://evil.example' }, 403],
    [{ Origin: 'null' }, 403],
    [{ 'Sec-Fetch-Site': 'same-origin', Origin: 'http://localhost' }, 200],
    [{ 'Sec-Fetch-Site': 'none' }, 200],
  ])('with %j is answered with %i', async (headers, expected) => {
    let reloads = 0
    const { app } = given({}, () => ({ ...RELOADED, atMs: ++reloads }))
    expect((await post(app, headers)).status).toBe(expected)
    expect(reloads).toBe(expected === 200 ? 1 : 0)
  })

  test('is no GET: a link or a crawler does nothing', async () => {
    const { app } = given({}, () => expect.unreachable())
    const answer = await app.request('/-/reload')
    expect([answer.status, answer.headers.get('allow')]).toEqual([405, 'POST'])
  })

  test('that failed stays in sight, with what is wrong', async () => {
    const problems = ['cn.yaml:4: limits.<b>dueDays</b>: expected a number']
    const reload = () => ({ ...RELOADED, isOk: false, problems })
    const page = await given({ reload }).page()
    expect(readable(page)).toContain(
      'Reload failed 2026-04-15 00:00:20 UTC : The configuration is wrong. The policy from before goes on. cn.yaml:4:',
    )
    expect(page).not.toContain('<b>')
  })

  test('that leaves something for the next start names it', async () => {
    const reload = () => ({ ...RELOADED, needsRestart: ['kafka.brokers'] })
    expect(readable(await given({ reload }).page())).toContain(
      'Reload in part 2026-04-15 00:00:20 UTC : These settings differ in the file and hold from the next start on: kafka.brokers',
    )
    expect(readable(await given({ reload: () => RELOADED }).page())).not.toContain('Reload')
  })
})
