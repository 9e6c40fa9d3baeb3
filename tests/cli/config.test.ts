import { Ajv2020 } from 'ajv/dist/2020.js'
import { readFileSync } from 'node:fs'
import { describe, expect, test } from 'vitest'
import { parse, parseAllDocuments } from 'yaml'
import { init, print, schema, validate } from '../../src/cli/config.ts'
import { given } from '../support/command.ts'
import { folderOfFiles } from '../support/config.ts'
import { policyFile } from '../support/policies.ts'

const SHIPPED = 'config/forewarn.yaml'

describe('validate', () => {
  test.each<[file: string | undefined, what: string]>([
    [SHIPPED, 'settings'],
    ['config/policies/cn.yaml', 'a policy'],
    [undefined, 'what holds without a file'],
  ])('%s is right (%s)', async (file, _what) => {
    const { io, out, err } = given()
    expect(await validate(io, file, {})).toBe(0)
    expect(out()).toMatch(/^ok {2}profile \w+ [0-9a-f]{12}: \d+ detectors armed\n/)
    expect(err()).toBe('')
  })

  test('tells every mistake with file and line, and exits with 78', async () => {
    using folder = folderOfFiles()
    const settings = folder.write('a.yaml', 'kafka:\n  broker: [a]\nclock: { grace: 3d }\n')
    const policy = folder.write('b.yaml', policyFile('fee-overdue:\n  limits: { suspendDay: 3 }'))
    const { io, out, err } = given()
    expect(await validate(io, settings, {})).toBe(78)
    expect(await validate(io, policy, {})).toBe(78)
    const lines = err().replaceAll(`${folder.path}/`, '').split('\n')
    expect(lines).toContain('a.yaml:2: kafka.broker: unknown key (did you mean "brokers"?)')
    expect(lines.find((it) => it.startsWith('a.yaml:3: clock.grace:'))).toBeDefined()
    expect(lines.find((it) => it.startsWith('b.yaml:6: detectors.fee-overdue'))).toBeDefined()
    expect(out()).toBe('')
  })
})

describe('print', () => {
  const SECRET = 'planted-7f3a'

  test('says everything that holds and no secret', async () => {
    using folder = folderOfFiles()
    const keyFile = folder.write('client.key', `-----BEGIN ${SECRET}`)
    const config = folder.write(
      'a.yaml',
      `kafka:\n  ssl: { keyFile: ${keyFile} }\n  sasl: { mechanism: plain, username: u }\nclock: { grace: 90s }\n`,
    )
    const { io, out } = given({
      FOREWARN_KAFKA__SASL__PASSWORD: SECRET,
      FOREWARN_REDIS__URL: `rediss://u:${SECRET}@redis.example:6380/2?password=${SECRET}`,
      FOREWARN_HTTP__CONSOLE: '[::1]:0',
    })
    expect(await print(io, { config })).toBe(0)
    const text = out()
    expect(text).not.toContain(SECRET)
    const [settings] = parseAllDocuments(text)
    expect(settings?.toJS()).toMatchObject({
      kafka: { ssl: { keyFile }, sasl: { mechanism: 'plain', username: 'u' } },
      redis: { url: 'rediss://u@redis.example:6380/2' },
      ...{ clock: { grace: '90s' }, http: { console: '[::1]:0', metrics: '127.0.0.1:9464' } },
    })
  })

  test('gives files that say the same again', async () => {
    using folder = folderOfFiles()
    const { io, out } = given()
    await print(io, {})
    const [settings, ...profiles] = out().split('---\n')
    await validate(io, undefined, {})
    const before = out()
    const config = folder.write('a.yaml', `${settings}policies: [${folder.path}/policies]\n`)
    for (const [at, text] of profiles.entries()) folder.write(`policies/${at}.yaml`, text)
    await validate(io, config, {})
    expect(out()).toBe(before)
  })
})

describe('schema', () => {
  async function schemaOf(which?: 'service' | 'policy') {
    const { io, out } = given()
    expect(await schema(io, which)).toBe(0)
    return new Ajv2020({ strict: false }).compile(JSON.parse(out()))
  }
  const yaml = (file: string): unknown => parse(readFileSync(file, 'utf8'))
  const policies = ['config/policies/default.yaml', 'config/policies/cn.yaml'].map(yaml)

  test.each([
    ['service', [yaml(SHIPPED), { kafka: { sasl: { mechanism: 'plain', username: 'u' } } }]],
    ['policy', policies],
    [undefined, [yaml(SHIPPED), ...policies]],
  ] as const)('of %s takes what is shipped', async (which, values) => {
    const isRight = await schemaOf(which)
    for (const value of values) expect(isRight(value) || isRight.errors).toBe(true)
  })

  test.each([
    ['service', { kafka: { broker: ['a:1'] } }],
    ['service', { kafka: { sasl: { mechanism: 'plain', username: 'u', password: 'p' } } }],
    ['service', { log: { level: 'loud' } }],
    ['policy', { profile: 'x', detectors: { 'fee-over-due': {} } }],
    ['policy', { profile: 'x', detectors: { 'never-activated': { limits: { dueDays: '9' } } } }],
    ['policy', { profile: 'x', detectors: { 'never-activated': { ladder: { Notice: '+1d' } } } }],
  ] as const)('of %s refuses %j', async (which, value) => {
    expect((await schemaOf(which))(value)).toBe(false)
  })
})

describe('init', () => {
  test('writes what is right and says every default, and overwrites nothing', async () => {
    using folder = folderOfFiles()
    const file = `${folder.path}/mine.yaml`
    const { io, out, err } = given()
    expect(await init(io, file)).toBe(0)
    expect(readFileSync(file, 'utf8')).toBe(readFileSync(SHIPPED, 'utf8'))
    expect(await print(io, {})).toBe(0)
    const defaults = out()
    expect(await print(io, { config: file })).toBe(0)
    expect(out()).toBe(defaults)
    err()
    const kept = folder.write('mine.yaml', 'kafka: {}\n')
    expect(await init(io, kept)).toBe(1)
    expect(err()).toContain('is there already')
    expect(readFileSync(kept, 'utf8')).toBe('kafka: {}\n')
  })

  test('says so where it cannot write, and writes to standard output when asked', async () => {
    const { io, out, err } = given()
    expect(await init(io, '/no/such/folder/x.yaml')).toBe(1)
    expect(err()).toContain('not written: ENOENT')
    expect(await init(io, '-')).toBe(0)
    expect(out()).toContain('kafka:')
  })
})
