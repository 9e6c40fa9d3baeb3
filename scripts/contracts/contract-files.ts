/** Every file of the contracts, as it has to stand in the repository. */
import { GOLDEN_FOLDER, goldenFiles } from '../../tests/contracts/golden-files.ts'
import { asyncApi } from './asyncapi.ts'
import { jsonSchemas, schemaPath } from './json-schemas.ts'

/** Folders that hold nothing else. */
export const CONTRACT_FOLDERS = ['schemas/input', 'schemas/output', GOLDEN_FOLDER]

/** Text by path from the root of the repository. The same bytes whenever and wherever it is asked for. */
export async function contractFiles(): Promise<ReadonlyMap<string, string>> {
  const goldens = await goldenFiles()
  const schemas = [...jsonSchemas()].map(([name, schema]) => [schemaPath(name), json(schema)])
  const records = [...goldens].map(([name, it]) => [`${GOLDEN_FOLDER}/${name}.json`, json(it)])
  return new Map([...schemas, ['asyncapi.yaml', asyncApi(goldens)], ...records] as [
    string,
    string,
  ][])
}

function json(value: unknown): string {
  return `${JSON.stringify(value, null, 2)}\n`
}
