import { parseAst } from 'vitest/node'

/** One place where a module names another. */
export type Import = {
  /** As written; undefined where it is computed. */
  specifier: string | undefined
  /** `type`: gone once types are erased. `static`: loaded with the module. `dynamic`: when asked for. */
  kind: 'type' | 'static' | 'dynamic'
  line: number
}

/**
 * Everything a TypeScript module imports, by its syntax tree: `import`, `export … from`, `import()`, `import('…').T`
 * in a type, `import x = require('…')`, `require('…')`, `require.resolve('…')` and `import.meta.resolve('…')`.
 * Throws `SyntaxError` where the source does not parse.
 */
export function importsOf(source: string, lang: 'ts' | 'tsx' = 'ts'): Import[] {
  const found: Import[] = []
  const add = (specifier: string | undefined, kind: Import['kind'], at: number): void => {
    found.push({ specifier, kind, line: source.slice(0, at).split('\n').length })
  }
  visit(parseAst(source, { lang }), (node) => {
    switch (node.type) {
      case 'ImportDeclaration':
        add(literal(node.source), node.importKind === 'type' ? 'type' : 'static', node.start)
        break
      case 'ExportNamedDeclaration':
      case 'ExportAllDeclaration':
        if (isNode(node.source))
          add(literal(node.source), node.exportKind === 'type' ? 'type' : 'static', node.start)
        break
      case 'ImportExpression':
        add(literal(node.source), 'dynamic', node.start)
        break
      case 'TSImportType':
        add(literal(node.source), 'type', node.start)
        break
      case 'TSExternalModuleReference':
        add(literal(node.expression), 'static', node.start)
        break
      case 'CallExpression':
        if (asksForModule(node.callee))
          add(literal(Array.isArray(node.arguments) ? node.arguments[0] : undefined), 'dynamic', node.start)
        break
    }
  })
  return found
}

type Node = { type: string; start: number; [key: string]: unknown }

const isNode = (value: unknown): value is Node =>
  typeof value === 'object' && value !== null && 'type' in value && typeof value.type === 'string'

function visit(value: unknown, see: (node: Node) => void): void {
  if (Array.isArray(value)) for (const item of value) visit(item, see)
  else if (isNode(value)) {
    see(value)
    for (const key of Object.keys(value)) visit(value[key], see)
  }
}

/** The text of a string literal, or of a template without substitutions. */
function literal(node: unknown): string | undefined {
  if (!isNode(node)) return undefined
  if (node.type === 'Literal') return typeof node.value === 'string' ? node.value : undefined
  if (node.type === 'TSLiteralType') return literal(node.literal)
  const quasis = node.type === 'TemplateLiteral' ? (node.quasis as { value: { cooked: string } }[]) : []
  return quasis.length === 1 ? quasis[0]!.value.cooked : undefined
}

/** `require`, `require.resolve`, `createRequire(…).resolve`, `import.meta.resolve`. */
function asksForModule(callee: unknown): boolean {
  if (!isNode(callee)) return false
  if (callee.type === 'Identifier') return callee.name === 'require'
  if (callee.type !== 'MemberExpression' || !isNode(callee.property) || callee.property.name !== 'resolve')
    return false
  const { object } = callee
  if (!isNode(object)) return false
  return (
    object.type === 'MetaProperty' ||
    (object.type === 'Identifier' && object.name === 'require') ||
    (object.type === 'CallExpression' && isNode(object.callee) && object.callee.name === 'createRequire')
  )
}
