/** `forewarn config`: settings and policies without a service: checked, shown, described, begun. */
import { readFileSync, writeFileSync } from 'node:fs'
import { stringify } from 'yaml'
import { policyJsonSchema, serviceJsonSchema } from '../config/json-schema.ts'
import { shippedPath } from '../config/paths.ts'
import { printedProfile, printedService } from '../config/printed.ts'
import { readYamlFile } from '../config/yaml-file.ts'
import { DETECTORS } from '../detectors/index.ts'
import { EXIT, say } from './io.ts'
import type { ExitCode, Io } from './io.ts'
import { complain, countText, loadSettings, readSettings } from './settings.ts'

type Paths = Readonly<{ config?: string; policy?: string }>

/** `file`: settings, or a policy. */
export async function validate(io: Io, file: string | undefined, given: Paths): Promise<ExitCode> {
  const isPolicy = file !== undefined && isPolicyFile(file)
  const read = readSettings(io.env, {
    config: isPolicy ? given.config : (file ?? given.config),
    policy: isPolicy ? file : given.policy,
  })
  if (read.kind === 'wrong') {
    complain(io, read.problems)
    say(io, `forewarn config validate: ${countText(read)}`)
    return EXIT.config
  }
  for (const { name, hash, armed, disarmed } of read.loaded.profiles) {
    const off = disarmed.length === 0 ? '' : `, ${disarmed.length} off`
    io.stdout.write(`ok  profile ${name} ${hash}: ${armed.length} detectors armed${off}\n`)
  }
  io.stdout.write(`ok  policy ${read.loaded.policy.hash}\n`)
  return EXIT.ok
}

function isPolicyFile(file: string): boolean {
  const yaml = readYamlFile(file)
  if (yaml.kind === 'wrong' || typeof yaml.value !== 'object' || yaml.value === null) return false
  return 'profile' in yaml.value
}

const NO_SECRETS = `Settings that hold, defaults included. Secrets are left out.`

/** YAML documents: the settings, then each profile as it judges after all that it extends. */
export async function print(io: Io, given: Paths): Promise<ExitCode> {
  const settings = loadSettings(io, given)
  if (settings === undefined) return EXIT.config
  const { service, said, loaded } = settings
  const documents = [`# ${NO_SECRETS}\n${stringify(printedService(service, said))}`]
  for (const profile of loaded.profiles) {
    const head = `# Profile ${profile.name}, hash ${profile.hash}: all that it extends is in it.`
    documents.push(`${head}\n${stringify(printedProfile(profile))}`)
  }
  io.stdout.write(documents.join('---\n'))
  return EXIT.ok
}

export const SCHEMAS = ['service', 'policy'] as const

/** Without a word both, in one that holds for either file. */
export async function schema(io: Io, which?: (typeof SCHEMAS)[number]): Promise<ExitCode> {
  const made = { service: serviceJsonSchema(), policy: policyJsonSchema(DETECTORS) }
  const { $schema } = made.service
  const anyOf = SCHEMAS.map((name) => ({ $ref: `#/$defs/${name}` }))
  const shown = which === undefined ? { $schema, anyOf, $defs: made } : made[which]
  io.stdout.write(`${JSON.stringify(shown, undefined, 2)}\n`)
  return EXIT.ok
}

/** Every setting with its default and what it is for. Nothing is overwritten. */
export async function init(io: Io, file: string): Promise<ExitCode> {
  const text = readFileSync(shippedPath('forewarn.yaml'), 'utf8')
  if (file === '-') {
    io.stdout.write(text)
    return EXIT.ok
  }
  try {
    writeFileSync(file, text, { flag: 'wx' })
  } catch (error) {
    const { code = 'unknown reason' } = error as NodeJS.ErrnoException
    const why = code === 'EEXIST' ? 'is there already, and stays as it is' : `not written: ${code}`
    say(io, `forewarn config init: ${file} ${why}`)
    return EXIT.failed
  }
  say(io, `${file} written. Check it: npx forewarn config validate ${file}`)
  return EXIT.ok
}
