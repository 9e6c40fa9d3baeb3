import { expect, test } from 'vitest'
import { loadService } from '../../src/config/load-service.ts'
import type { ServiceSources } from '../../src/config/load-service.ts'
import { shippedPath } from '../../src/config/paths.ts'
import type { Service } from '../../src/config/service-schema.ts'
import { folderOfFiles } from '../support/config.ts'

function service(sources: Partial<ServiceSources>): Service {
  const loaded = loadService({ env: {}, ...sources })
  if (loaded.kind === 'wrong') throw new Error(JSON.stringify(loaded.problems))
  return loaded.service
}

test('the shipped file says exactly what holds without one', () => {
  expect(service({ file: shippedPath('forewarn.yaml') })).toEqual(service({}))
})

test('has the defaults that the documentation names', () => {
  expect(service({})).toMatchObject({
    kafka: { brokers: ['localhost:9092'], groupId: 'forewarn', ssl: false },
    redis: { url: 'redis://localhost:6379', namespace: 'fw', cluster: false },
    policies: [],
    defaults: { tenant: 'default', country: 'CN', zone: 'Asia/Shanghai', profile: 'default' },
    clock: { graceMs: 60_000, untilMs: undefined },
    http: {
      console: { host: '127.0.0.1', port: 8080 },
      metrics: { host: '127.0.0.1', port: 9464 },
    },
    production: false,
  })
})

test('flags come before the environment, it before the file, that before the defaults', () => {
  using files = folderOfFiles()
  const text = 'kafka: { groupId: file, clientId: file }\nredis: { namespace: file }\n'
  const file = files.write('forewarn.yaml', text)
  const env = { FOREWARN_KAFKA__GROUP_ID: 'env', FOREWARN_KAFKA__CLIENTID: 'env' }
  const flags = { 'kafka.groupId': 'flag', 'redis.namespace': undefined }
  const { kafka, redis } = service({ file, env, flags })
  expect([kafka.groupId, kafka.clientId, redis.namespace, redis.cluster]).toEqual([
    'flag',
    'env',
    'file',
    false,
  ])
})

test('reads lists, truth values, spans and instants from the environment', () => {
  const env = {
    FOREWARN_KAFKA__BROKERS: 'a:9092, [::1]:9093\n',
    FOREWARN_REDIS__CLUSTER: 'true\n',
    FOREWARN_CLOCK__GRACE: '1500ms',
    FOREWARN_CLOCK__UNTIL: '2026-06-30T00:00:00+08:00',
    FOREWARN_HTTP__CONSOLE: '[::1]:0',
    FOREWARN_TEST_KAFKA: 'not ours',
    FOREWARN_SERVICE_HOST: '10.0.0.1',
    FOREWARN_PORT: 'tcp://10.0.0.1:9464',
    FOREWARN_LOG__LEVEL: '',
    OTHER: 'x',
  }
  expect(service({ env })).toMatchObject({
    kafka: { brokers: ['a:9092', '[::1]:9093'] },
    redis: { cluster: true },
    clock: { graceMs: 1_500, untilMs: Date.UTC(2026, 5, 29, 16) },
    http: { console: { host: '::1', port: 0 } },
    log: { level: 'info' },
  })
})

test('takes secrets and certificates from files of their own', () => {
  using files = folderOfFiles()
  const env = {
    FOREWARN_KAFKA__SSL__CA_FILE: files.write('ca.pem', 'CA'),
    FOREWARN_KAFKA__SASL__MECHANISM: 'plain',
    FOREWARN_KAFKA__SASL__USERNAME: 'me',
    FOREWARN_KAFKA__SASL__PASSWORD_FILE: files.write('password', 'hidden\n'),
    FOREWARN_REDIS__URL_FILE: files.write('url', 'rediss://:hidden@r:6380\n'),
    FOREWARN_PRODUCTION: 'true',
  }
  const { kafka, redis } = service({ env })
  expect(kafka.ssl).toEqual({ ca: 'CA', rejectUnauthorized: true })
  expect(kafka.sasl).toEqual({ mechanism: 'plain', username: 'me', password: 'hidden' })
  expect(redis.url).toBe('rediss://:hidden@r:6380')
})

test.each<[text: string, problems: string[]]>([
  ['kafka:\n  broker: [a:1]\n', ['f.yaml:2: kafka.broker: unknown key (did you mean "brokers"?)']],
  [
    'kafka:\n  brokers: []\n',
    ['f.yaml:2: kafka.brokers: Too small: expected array to have >=1 items'],
  ],
  [
    'kafka:\n  brokers:\n    - a:1\n    - host:99999\n    - host\n    - a:0\n',
    [4, 5, 6].map(
      (line) =>
        `f.yaml:${line}: kafka.brokers.${line - 3}: expected host:port, a port of 1 to 65535`,
    ),
  ],
  [
    "kafka: { groupId: '' }\n",
    ['f.yaml:1: kafka.groupId: Too small: expected string to have >=1 characters'],
  ],
  [
    'kafka: { topics: { events: account.warnings } }\n',
    ['f.yaml:1: kafka.topics.warnings: is the topic of events, too'],
  ],
  [
    'kafka: { topics: { events: "a b" } }\n',
    ['f.yaml:1: kafka.topics.events: is no name of a topic'],
  ],
  [
    'kafka:\n  ssl: { cFile: x }\n',
    ['f.yaml:2: kafka.ssl.cFile: unknown key (did you mean "caFile"?)'],
  ],
  ['kafka: { ssl: yes }\n', ['f.yaml:1: kafka.ssl: expected true, false or files']],
  ['kafka: { ssl: { keyFile: /none } }\n', ['f.yaml:1: kafka.ssl.keyFile: /none cannot be read']],
  [
    'kafka:\n  sasl: { mechanism: scram-sha-256, username: a, password: b }\n',
    [
      'f.yaml:2: kafka.sasl.password: a secret does not belong in this file: set FOREWARN_KAFKA__SASL__PASSWORD or FOREWARN_KAFKA__SASL__PASSWORD_FILE',
    ],
  ],
  [
    'redis:\n  url: redis://u:p@h:1\n',
    [
      'f.yaml:2: redis.url: a secret does not belong in this file: set FOREWARN_REDIS__URL or FOREWARN_REDIS__URL_FILE',
    ],
  ],
  ['redis: { url: http://x }\n', ['f.yaml:1: redis.url: expected redis://… or rediss://…']],
  [
    "redis: { namespace: '{p0}' }\n",
    ['f.yaml:1: redis.namespace: expected letters, digits, _ or -'],
  ],
  ...['2h', '1d', '-1s', '1.5s', '1e9s', '60'].map((span): [string, string[]] => [
    `clock: { grace: '${span}' }\n`,
    ['f.yaml:1: clock.grace: expected a span of at most 1h, as 60s'],
  ]),
  [
    'clock: { until: 2026-06-30 }\n',
    ['f.yaml:1: clock.until: expected an instant with its offset, as 2026-06-30T00:00:00+08:00'],
  ],
  [
    'defaults: { zone: Asia/Shangai }\n',
    ['f.yaml:1: defaults.zone: is no IANA zone; did you mean "Asia/Shanghai"?'],
  ],
  [
    'log: { level: on }\n',
    [
      'f.yaml:1: log.level: Invalid option: expected one of "trace"|"debug"|"info"|"warn"|"error"|"fatal"|"silent"',
    ],
  ],
  [
    'production: true\nkafka:\n  ssl: { rejectUnauthorized: false }\n',
    [
      'f.yaml:1: redis.url: production needs TLS: rediss://',
      'f.yaml:3: kafka.ssl.rejectUnauthorized: production verifies certificates',
    ],
  ],
  [
    'production: true\nredis: { url: "rediss://r" }\n',
    ['f.yaml:1: kafka.ssl: production needs TLS'],
  ],
])('%j → %j', (text, problems) => {
  using files = folderOfFiles()
  expect(files.textOf(loadService({ file: files.write('f.yaml', text), env: {} }))).toEqual(
    problems,
  )
})

test('names the variable and the flag that is wrong, beside what is wrong in the file', () => {
  using files = folderOfFiles()
  const loaded = loadService({
    file: files.write('f.yaml', 'production: 1\n'),
    env: {
      FOREWARN_KAFKA__BROKERS: 'a:1,b',
      FOREWARN_KAFKA__BROKER: 'a:1',
      FOREWARN_REDIS__URL_FILE: '/none',
      FOREWARN_KAFKA__SASL__PASSWORD: 'planted-secret',
    },
    flags: { 'clock.until': 'soon' },
  })
  const said = files.textOf(loaded)
  expect(said).toEqual([
    'f.yaml:1: kafka.sasl.mechanism: Invalid option: expected one of "plain"|"scram-sha-256"|"scram-sha-512"',
    'f.yaml:1: kafka.sasl.username: is missing: expected string',
    'f.yaml:1: production: Invalid input: expected boolean, received number',
    'FOREWARN_KAFKA__BROKER: no such setting (did you mean "FOREWARN_KAFKA__BROKERS"?)',
    'FOREWARN_KAFKA__BROKERS: kafka.brokers.1: expected host:port, a port of 1 to 65535',
    'FOREWARN_REDIS__URL_FILE: redis.url: its file cannot be read',
    'command line: clock.until: expected an instant with its offset, as 2026-06-30T00:00:00+08:00',
  ])
  expect(said.join()).not.toContain('planted-secret')
})

test('plain credentials need TLS', () => {
  const env = {
    FOREWARN_KAFKA__SASL__MECHANISM: 'plain',
    FOREWARN_KAFKA__SASL__USERNAME: 'me',
    FOREWARN_KAFKA__SASL__PASSWORD: 'planted-secret',
  }
  const loaded = loadService({ env })
  expect(loaded).toMatchObject({
    kind: 'wrong',
    problems: [{ file: 'FOREWARN_KAFKA__SASL__MECHANISM', path: 'kafka.sasl.mechanism' }],
  })
})
