import { describe, expect, test } from 'vitest'
import { createLog } from '../../src/adapters/log.ts'
import type { LogOptions } from '../../src/adapters/log.ts'

const PAN = '4111111111111111'
const SECRET = 'hunter2-planted'

function given(options: Partial<LogOptions> & { isTTY?: boolean } = {}) {
  const written: string[] = []
  const { isTTY = false, ...rest } = options
  const log = createLog({
    level: 'trace',
    out: { write: (text) => written.push(text), isTTY },
    nowMs: () => Date.parse('2026-04-01T08:09:10.123Z'),
    accountKey: 'k',
    ...rest,
  })
  return { ...log, text: () => written.join('') }
}

/** An error of a client library carries whatever it was about. */
const clientError = Object.assign(new Error(`cannot reach redis://fw:${SECRET}@cache:6379/0`), {
  config: { sasl: { username: 'u', password: SECRET }, headers: { Authorization: SECRET } },
  command: { args: [`card ${PAN}`] },
})

describe('nothing secret reaches the log', () => {
  test.each<[string, object, string]>([
    ['a member called password', { sasl: { password: SECRET } }, 'x'],
    ['deep in an array', { all: [{ a: { b: { apiKey: SECRET } } }] }, 'x'],
    ['a token', { accessToken: SECRET }, 'x'],
    ['the user part of an address', { url: `rediss://fw:${SECRET}@cache:6379` }, 'x'],
    ['an address in the message', {}, `connecting to redis://:${SECRET}@cache`],
    ['name=value in the message', {}, `started with password=${SECRET} today`],
    ['a header in the message', {}, `sent Authorization: Bearer ${SECRET}`],
    ['an error', { err: clientError }, 'commit failed'],
    ['a card number as a text', { value: `paid with ${PAN}` }, 'x'],
    ['in groups', { value: '4111 1111 1111 1111' }, 'x'],
    ['as a number', { value: Number(PAN) }, 'x'],
    ['as the name of a member', { [PAN]: 1 }, 'x'],
    ['in the message', {}, `no such card: ${PAN}`],
    ['after an escape', { value: `{"card":"x\\n${PAN}"}` }, 'x'],
    ['a CVV by its name', { data: { cvv: '9173' } }, 'x'],
    ['track data', { value: `;${PAN}=29121010000012345678?` }, 'x'],
    ['a last four', { evidence: [{ last4: '9173' }] }, 'x'],
    ['below the depth that is looked at', nested(12, { note: SECRET }), 'x'],
  ])('%s', (_where, members, message) => {
    for (const isTTY of [false, true]) {
      const { logger, text } = given({ isTTY })
      logger.child(members).error(members, message)
      expect(text()).not.toMatch(/hunter2|4111|1111|9173/)
      expect(text()).toContain('redacted')
    }
  })

  test('but what is no secret does', () => {
    const { logger, text } = given()
    const members = {
      partition: 3,
      offset: 4_111_111_111,
      hash: '9f2c41d07ab3',
      at: 1_775_030_950_123,
    }
    logger.info(members, 'partition 3 taken at offset 4111111111')
    expect(JSON.parse(text())).toEqual({
      ...{ level: 'info', time: '2026-04-01T08:09:10.123Z', ...members },
      msg: 'partition 3 taken at offset 4111111111',
    })
  })
})

describe('accounts', () => {
  test('are told apart by a short keyed hash', () => {
    const { logger, text, accountTag } = given()
    logger.info({ merchantId: 'M1000042', record: { merchantId: 'M1000043' } }, 'stepped')
    expect(text()).not.toContain('M10000')
    const { account, record } = JSON.parse(text())
    expect(account).toMatch(/^[0-9a-f]{10}$/)
    expect(account).toBe(accountTag('M1000042'))
    expect(record.account).not.toBe(account)
    expect(given({ accountKey: 'another' }).accountTag('M1000042')).not.toBe(account)
  })
})

describe('the form', () => {
  test('of a terminal is one line, and an error’s stack below it', () => {
    const { logger, text } = given({ isTTY: true, isColoured: false })
    logger.warn({ partition: 3, why: 'two words' }, 'partition held')
    logger.error({ err: { stack: 'Error: a\n    at b' } }, 'gone')
    expect(text()).toBe(
      '08:09:10 WARN  partition held partition=3 why="two words"\n' +
        '08:09:10 ERROR gone\n    Error: a\n        at b\n',
    )
  })

  test('of a terminal cannot be written over by what is logged', () => {
    const { logger, text } = given({ isTTY: true, isColoured: false })
    logger.info({ topic: '\u001b[2J' }, 'hello\u001b[1A\rgone')
    expect(text()).toBe('08:09:10 INFO  hello\\x1b[1A\\x0dgone topic=\\x1b[2J\n')
  })

  test('is coloured on a terminal unless told otherwise', () => {
    const { logger, text } = given({ isTTY: true })
    logger.info('started')
    expect(text()).toContain('\u001b[32mINFO')
  })

  test('leaves out what is below the level, and counts the rest', () => {
    const levels: string[] = []
    const { logger, text } = given({ level: 'warn', onLine: (level) => levels.push(level) })
    logger.info('quiet')
    logger.fatal('loud')
    expect(levels).toEqual(['fatal'])
    expect(text()).toContain('"msg":"loud"')
  })
})

function nested(depth: number, inner: object): object {
  return depth === 0 ? inner : { a: nested(depth - 1, inner) }
}
