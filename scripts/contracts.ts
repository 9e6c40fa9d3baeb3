/** `npm run contracts`: writes the JSON Schemas, asyncapi.yaml and the golden records anew. */
import { globSync, mkdirSync, rmSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { CONTRACT_FOLDERS, contractFiles } from './contracts/contract-files.ts'

const root = join(import.meta.dirname, '..')
const files = await contractFiles()

for (const folder of CONTRACT_FOLDERS) {
  for (const file of globSync(`${folder}/*`, { cwd: root })) {
    if (!files.has(file)) rmSync(join(root, file))
  }
}
for (const [path, text] of files) {
  mkdirSync(dirname(join(root, path)), { recursive: true })
  writeFileSync(join(root, path), text)
}
process.stdout.write(`${files.size} files written: schemas/, asyncapi.yaml, the golden records\n`)
