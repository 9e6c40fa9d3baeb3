import { spawnSync } from 'node:child_process'
import { existsSync, globSync, readFileSync } from 'node:fs'
import { describe, expect, test } from 'vitest'
import { parse } from 'yaml'
import { z } from 'zod'

const Service = z.object({
  image: z.string(),
  build: z.string().optional(),
  command: z.array(z.string()).optional(),
  environment: z.record(z.string(), z.unknown()).default({}),
  ports: z.array(z.string()).default([]),
  volumes: z.array(z.string()).default([]),
  healthcheck: z.record(z.string(), z.unknown()).optional(),
  depends_on: z.record(z.string(), z.object({ condition: z.string() })).default({}),
})
const Compose = z.object({
  services: z.record(z.string(), Service),
  volumes: z.record(z.string(), z.unknown()),
})

const text = readFileSync('docker-compose.yml', 'utf8')
const compose = Compose.parse(parse(text, { merge: true }))
const services = Object.entries(compose.services)

/** Our own commands, less `node src/main.ts`. */
const ownCommands = services.flatMap(([, { command = [] }]) =>
  command[1] === 'src/main.ts' ? [command.slice(2)] : [],
)

describe('docker-compose.yml', () => {
  test('pins every image that it does not build', () => {
    const loose = services.filter(
      ([, { image, build }]) => build === undefined && !/:\d+\.\d+\.\d+(-[a-z0-9.]+)?$/.test(image),
    )
    expect(loose).toEqual([])
  })

  test('opens ports to this machine alone, and none twice', () => {
    const ports = services.flatMap(([, service]) => service.ports)
    expect(ports.filter((port) => !/^127\.0\.0\.1:\d+:\d+$/.test(port))).toEqual([])
    expect(new Set(ports).size).toBe(ports.length)
  })

  test('checks the health of what others wait for', () => {
    for (const [name, { depends_on }] of services) {
      for (const [other, { condition }] of Object.entries(depends_on)) {
        const found = compose.services[other]
        const isChecked = found?.healthcheck?.['test'] !== undefined
        const isFound = found !== undefined && (condition !== 'service_healthy' || isChecked)
        expect([name, other, isFound]).toEqual([name, other, true])
      }
    }
  })

  test('mounts what exists', () => {
    const sources = services.flatMap(([, { volumes }]) => volumes.map((it) => it.split(':')[0]!))
    const missing = sources.filter((it) =>
      it.startsWith('.') ? !existsSync(it) : !(it in compose.volumes),
    )
    expect(missing).toEqual([])
  })

  test('keeps what Redis holds, and lets it refuse rather than forget', () => {
    const command = compose.services['valkey']?.command?.join(' ')
    expect(command).toContain('--appendonly yes')
    expect(command).toContain('--maxmemory-policy noeviction')
  })

  test('tells clients in and outside where Kafka is', () => {
    const { environment } = compose.services['kafka']!
    const advertised = String(environment['KAFKA_ADVERTISED_LISTENERS'])
    const inside = compose.services['forewarn']?.environment['FOREWARN_KAFKA__BROKERS']
    expect(advertised.split(',')).toEqual([
      `PLAINTEXT://${String(inside)}`,
      'PLAINTEXT_HOST://localhost:9092',
    ])
  })

  test.each([...ownCommands, ['healthcheck']].map((it) => [it.join(' '), it] as const))(
    'forewarn %s is a command, with these options',
    (_name, words) => {
      const names = words.filter((it, at) => /^[a-z]/.test(it) && !words[at - 1]?.startsWith('--'))
      const help = spawnSync(process.execPath, ['src/main.ts', ...names, '--help'], {
        encoding: 'utf8',
      })
      const options = words.filter((it) => it.startsWith('--'))
      expect([help.status, help.stderr]).toEqual([0, ''])
      expect(help.stdout).toContain(names.join(' '))
      expect(options.filter((it) => !help.stdout.includes(it))).toEqual([])
    },
  )
})

describe('Dockerfile', () => {
  const dockerfile = readFileSync('Dockerfile', 'utf8')
  const last = dockerfile.slice(dockerfile.lastIndexOf('\nFROM '))

  test('runs Node itself, by a number that is not root', () => {
    expect(last).toMatch(/^CMD \["node", "src\/main\.ts", "run"\]$/m)
    expect(last).toMatch(/^USER [1-9]\d*:[1-9]\d*$/m)
    expect(last).toMatch(/^HEALTHCHECK [^]*CMD \["node", "src\/main\.ts", "healthcheck"\]$/m)
  })

  test('copies what exists and what .dockerignore lets through', () => {
    const copied = [...dockerfile.matchAll(/^COPY (?!--from)(.+) \S+$/gm)].flatMap(
      ([, from = '']) => from.split(' '),
    )
    const allowed = readFileSync('.dockerignore', 'utf8').split('\n')
    expect(copied.filter((it) => globSync(it).length === 0)).toEqual([])
    expect(copied.filter((it) => !allowed.includes(`!${it}`))).toEqual([])
  })
})
