/** The committed contracts, and a validator that knows every published schema by its `$id`. */
import { globSync, readFileSync } from 'node:fs'
import { Ajv2020 } from 'ajv/dist/2020.js'
import type { ValidateFunction } from 'ajv/dist/2020.js'
import addFormats from 'ajv-formats'
import { schemaId } from '../../scripts/contracts/json-schemas.ts'
import type { JsonSchema } from '../../scripts/contracts/json-schemas.ts'
import { GOLDEN_FOLDER } from './golden-files.ts'
import type { Golden } from './golden-files.ts'

/** By path from the root of the repository. */
export function committed(pattern: string): ReadonlyMap<string, string> {
  const paths = globSync(pattern).map((path) => path.replaceAll('\\', '/'))
  return new Map(paths.toSorted().map((path) => [path, readFileSync(path, 'utf8')]))
}

export function committedSchemas(): ReadonlyMap<string, JsonSchema> {
  return parsed(committed('schemas/*/*.json')) as ReadonlyMap<string, JsonSchema>
}

/** By name. */
export function committedGoldens(): ReadonlyMap<string, Golden> {
  const files = parsed(committed(`${GOLDEN_FOLDER}/*.json`)) as ReadonlyMap<string, Golden>
  return new Map([...files].map(([path, it]) => [path.replace(/^.*\/|\.json$/g, ''), it]))
}

function parsed(files: ReadonlyMap<string, string>): ReadonlyMap<string, unknown> {
  return new Map([...files].map(([path, text]) => [path, JSON.parse(text)]))
}

/** Strict: an unknown keyword or format is an error of the schema. */
export function newAjv(): Ajv2020 {
  const ajv = new Ajv2020({
    strictSchema: true,
    strictTypes: true,
    allowUnionTypes: true,
    allErrors: true,
  })
  addFormats.default(ajv)
  return ajv
}

export type Validator = Readonly<{
  /** By name, as `warning.v1`; or by `$id`, as a record's `dataschema` says it. */
  of: (name: string) => ValidateFunction
  /** What is wrong with the value; empty where nothing is. */
  faults: (name: string, value: unknown) => string[]
}>

export function createValidator(): Validator {
  const ajv = newAjv()
  for (const schema of committedSchemas().values()) ajv.addSchema(schema)
  const of = (name: string): ValidateFunction => {
    const validate = ajv.getSchema(name.startsWith('urn:') ? name : schemaId(name))
    if (validate === undefined) throw new Error(`there is no schema ${name}`)
    return validate
  }
  return {
    of,
    faults: (name, value) => {
      const validate = of(name)
      if (validate(value) === true) return []
      return (validate.errors ?? []).map(
        ({ instancePath, message }) => `${instancePath} ${message}`,
      )
    },
  }
}
