/** Where configuration lies: what is shipped beside the program, the rest by the working folder. */
import { readdirSync, statSync } from 'node:fs'
import { join, relative, resolve } from 'node:path'
import { fileURLToPath } from 'node:url'

const SHIPPED = fileURLToPath(new URL('../../config/', import.meta.url))

/** A file or folder of `config/` as the program brings it, wherever it is started from. */
export function shippedPath(...names: readonly string[]): string {
  return join(SHIPPED, ...names)
}

/** Relative where the file lies below the working folder, for that is how it was typed. */
export function shownPath(path: string): string {
  const short = relative('', path)
  return short === '' || short.startsWith('..') ? resolve(path) : short
}

export type PathKind = 'file' | 'folder' | 'missing'

export function kindOf(path: string): PathKind {
  const found = statSync(path, { throwIfNoEntry: false })
  if (found === undefined) return 'missing'
  // A pipe is a file to read: `--policy <(…)`.
  return found.isDirectory() ? 'folder' : 'file'
}

/** The YAML files of a folder, by name; those of its sub-folders are not in it. */
export function yamlFilesIn(folder: string): string[] {
  if (kindOf(folder) !== 'folder') return []
  return readdirSync(folder)
    .filter((name) => /^[^.].*\.ya?ml$/.test(name))
    .sort()
    .map((name) => join(folder, name))
}
