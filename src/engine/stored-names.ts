/** How the store names accounts and their sections: shorter than an account's key, for there are many. */
import { TENANT_DEFAULT } from '../events/envelope.ts'

/** Of those who tell no tenant the name is left out. */
const UNNAMED = `${TENANT_DEFAULT}\n`
/** The account itself names its *facts*: of those that are idle, the only field. */
const BARE = 'f'

export function storedKey(key: string): string {
  return key.startsWith(UNNAMED) ? key.slice(UNNAMED.length - 1) : key
}

export function keyOfStored(stored: string): string {
  return stored.startsWith('\n') ? TENANT_DEFAULT + stored : stored
}

export function fieldOf(key: string, section: string): string {
  return section === BARE ? storedKey(key) : `${storedKey(key)}\n${section}`
}

/** The key of a field's account. */
export function keyOfField(field: string): string {
  const end = field.indexOf('\n', field.indexOf('\n') + 1)
  return keyOfStored(end < 0 ? field : field.slice(0, end))
}
