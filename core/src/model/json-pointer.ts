/**
 * The value at a JSON pointer (RFC 6901), or undefined where the pointer leads nowhere. Only own members count, so
 * that `/constructor` finds nothing in an ordinary object.
 */
export function valueAt(document: unknown, pointer: string): unknown {
  let value = document
  for (const escaped of pointer === '' ? [] : pointer.slice(1).split('/')) {
    const token = escaped.replaceAll('~1', '/').replaceAll('~0', '~')
    if (Array.isArray(value)) value = /^(0|[1-9]\d{0,15})$/.test(token) ? value[Number(token)] : undefined
    else if (typeof value === 'object' && value !== null && Object.hasOwn(value, token))
      value = (value as Record<string, unknown>)[token]
    else return undefined
  }
  return value
}
