/** The service's own settings: flags before environment, before file, before defaults. */
import { readFileSync } from 'node:fs'
import type { z } from 'zod'
import { didYouMean, wrong } from './problem.ts'
import type { ConfigProblem, Wrong } from './problem.ts'
import { bare, faultsOf, inside, keysAt, problemAt } from './schema-problems.ts'
import type { Fault } from './schema-problems.ts'
import { serviceForm } from './service-schema.ts'
import type { Service, Tls } from './service-schema.ts'
import { readYamlFile } from './yaml-file.ts'
import type { Path, YamlFile } from './yaml-file.ts'

export type ServiceSources = Readonly<{
  /** Without one there are only flags, environment and defaults. */
  file?: string | undefined
  env: Readonly<Record<string, string | undefined>>
  /** By path in dots, as `clock.until`; undefined where a flag was not given. */
  flags?: Readonly<Record<string, string | undefined>>
}>

const PREFIX = 'FOREWARN_'
// Of the test runs, and what Kubernetes tells every pod of a service called forewarn.
const NOT_OURS = /^FOREWARN_(TEST_|SERVICE_|PORT$|PORT_)/
/** May come from a file of their own, and must not stand in a file that is shared. */
const SECRETS: readonly Path[] = [
  ['kafka', 'sasl', 'password'],
  ['redis', 'url'],
]

/** One value that did not come from the file, and what to call its source. */
type Given = Readonly<{ path: Path; value: unknown; from: string }>

/** `said`: what was given, merged, before defaults. It may hold secrets. */
export function loadService(
  sources: ServiceSources,
): Readonly<{ kind: 'ok'; service: Service; said: unknown }> | Wrong {
  const file = sources.file === undefined ? undefined : readYamlFile(sources.file)
  if (file?.kind === 'wrong') return file
  const problems: ConfigProblem[] = file === undefined ? [] : secretsIn(file)
  const given = [...fromEnvironment(sources.env, problems), ...fromFlags(sources.flags ?? {})]
  const value = structuredClone(file?.value ?? {})
  for (const { path, value: inner } of given) put(value, path, inner)

  const read = serviceForm.safeParse(value)
  const problemOf = (fault: Fault) => whoSaid(fault, given, file)
  if (!read.success) {
    return wrong([...problems, ...faultsOf(serviceForm, read.error).map(problemOf)])
  }
  const faults: Fault[] = []
  const { kafka, clock, ...rest } = read.data
  const ssl = typeof kafka.ssl === 'boolean' ? kafka.ssl : readTls(kafka.ssl, faults)
  problems.push(...faults.map(problemOf))
  if (problems.length > 0) return wrong(problems)
  const inMs = { graceMs: clock.grace, untilMs: clock.until }
  const service = { ...rest, kafka: { ...kafka, ssl }, clock: inMs }
  return { kind: 'ok', service, said: value }
}

function secretsIn(file: YamlFile): ConfigProblem[] {
  return SECRETS.filter((path) => isSecret(path, valueAt(file.value, path))).map((path) => {
    const name = PREFIX + path.join('__').toUpperCase()
    const message = `a secret does not belong in this file: set ${name} or ${name}_FILE`
    return problemAt(file, { path, message })
  })
}

function isSecret(path: Path, value: unknown): boolean {
  if (path.at(-1) !== 'url') return value !== undefined
  return typeof value === 'string' && (URL.parse(value)?.password ?? '') !== ''
}

function fromEnvironment(env: ServiceSources['env'], problems: ConfigProblem[]): Given[] {
  return Object.entries(env).flatMap(([name, raw]): Given[] => {
    // Compose and the like pass on what is not set as an empty text.
    if (!name.startsWith(PREFIX) || NOT_OURS.test(name) || !raw) return []
    const words = name.slice(PREFIX.length).split('__')
    const path = knownPath(words)
    if (path !== undefined) {
      return [{ path, value: typed(raw.trim(), path), from: name }]
    }
    const secret = SECRETS.find((it) => `${envName(it)}_FILE` === name)
    if (secret === undefined) {
      const known = envNames()
      problems.push({
        file: name,
        path: '',
        message: 'no such setting',
        ...didYouMean(name, known),
      })
      return []
    }
    try {
      return [{ path: secret, value: readFileSync(raw.trim(), 'utf8').trimEnd(), from: name }]
    } catch {
      problems.push({ file: name, path: secret.join('.'), message: 'its file cannot be read' })
      return []
    }
  })
}

function fromFlags(flags: Readonly<Record<string, string | undefined>>): Given[] {
  return Object.entries(flags).flatMap(([dotted, raw]) => {
    const path = dotted.split('.')
    return raw === undefined ? [] : [{ path, value: typed(raw, path), from: 'command line' }]
  })
}

/** `GROUP_ID` and `GROUPID` are both `groupId`. */
function knownPath(words: readonly string[]): Path | undefined {
  const path: string[] = []
  for (const word of words) {
    const plain = word.replaceAll('_', '').toLowerCase()
    const key = keysAt(serviceForm, path).find((it) => it.toLowerCase() === plain)
    if (key === undefined) return undefined
    path.push(key)
  }
  return path
}

function envName(path: Path): string {
  const words = path.map((key) => String(key).replace(/[A-Z]/g, (letter) => `_${letter}`))
  return PREFIX + words.join('__').toUpperCase()
}

function envNames(path: Path = []): string[] {
  const keys = keysAt(serviceForm, path)
  if (keys.length === 0) return [envName(path)]
  return keys.flatMap((key) => envNames([...path, key]))
}

/** A text as what the schema expects there; the text itself where it does not fit. */
function typed(raw: string, path: Path): unknown {
  let forms: readonly z.core.$ZodType[] = [serviceForm]
  for (const step of path) forms = forms.flatMap((it) => inside(it, step))
  const kinds = forms.flatMap(bare).map((it) => (it._zod as z.core.$ZodTypes['_zod']).def.type)
  if (kinds.includes('array')) return raw.split(',').map((part) => part.trim())
  if (kinds.includes('boolean') && /^(true|false)$/.test(raw)) return raw === 'true'
  return raw
}

function put(target: unknown, path: Path, value: unknown): void {
  let inner = target
  for (const step of path.slice(0, -1)) {
    if (!isRecord(inner)) return
    // `ssl: true` gives way to files that are named one by one.
    if (!isRecord(inner[step])) inner[step] = {}
    inner = inner[step]
  }
  if (isRecord(inner)) inner[path.at(-1)!] = value
}

function valueAt(value: unknown, path: Path): unknown {
  return path.reduce((inner, step) => (isRecord(inner) ? inner[step] : undefined), value)
}

function isRecord(value: unknown): value is Record<string | number, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}

function whoSaid(fault: Fault, given: readonly Given[], file: YamlFile | undefined): ConfigProblem {
  const { path, ...said } = fault
  const source = given.findLast((it) => it.path.every((step, at) => step === path[at]))
  if (source !== undefined) return { file: source.from, path: path.join('.'), ...said }
  if (file !== undefined) return problemAt(file, fault)
  return { file: 'configuration', path: path.join('.'), ...said }
}

type TlsFiles = Readonly<{
  caFile?: string | undefined
  certFile?: string | undefined
  keyFile?: string | undefined
  rejectUnauthorized: boolean
}>

function readTls(files: TlsFiles, faults: Fault[]): Tls {
  const { rejectUnauthorized } = files
  const contents = (['ca', 'cert', 'key'] as const).flatMap((name) => {
    const key = `${name}File` as const
    const path = files[key]
    if (path === undefined) return []
    try {
      return [[name, readFileSync(path, 'utf8')] as const]
    } catch {
      faults.push({ path: ['kafka', 'ssl', key], message: `${path} cannot be read` })
      return []
    }
  })
  return { ...Object.fromEntries(contents), rejectUnauthorized }
}
