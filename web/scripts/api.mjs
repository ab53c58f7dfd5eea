// Generator of the typed client: reads ../openapi and writes src/api/generated.
// With --check it writes nothing and fails when a file is not what the documents say.
import { existsSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'

const web = join(dirname(fileURLToPath(import.meta.url)), '..')
const documents = join(web, '..', 'openapi')
const target = join(web, 'src', 'api', 'generated')
const banner =
  '// Typed client, generated from openapi/ by `npm run api`. Do not edit.\n// tidy: long because it is generated.\n'
const LIST_PARAMETERS = new Set(['page', 'page_size', 'count', 'cursor', 'ordering', 'fields', 'search'])
const OPERATORS = ['in', 'gte', 'lte', 'isnull', 'icontains']

const camel = (name) => name.replace(/_([a-z0-9])/g, (_, letter) => letter.toUpperCase())
const quoted = (text) => `'${text.replaceAll('\\', '\\\\').replaceAll("'", "\\'")}'`
const key = (name) => (/^[a-zA-Z_$][\w$]*$/.test(name) ? name : quoted(name))
const union = (types) => [...new Set(types)].join(' | ') || 'never'
const list = (values) => `[${values.map(quoted).join(', ')}]`

function typeOf(schema, prefix = '') {
  if (schema.$ref) return prefix + schema.$ref.split('/').pop()
  if (schema.enum)
    return union(
      schema.enum.map((value) =>
        value === null ? 'null' : typeof value === 'string' ? quoted(value) : String(value),
      ),
    )
  if (schema.oneOf || schema.anyOf)
    return union((schema.oneOf ?? schema.anyOf).map((part) => typeOf(part, prefix)))
  if (schema.allOf) return schema.allOf.map((part) => typeOf(part, prefix)).join(' & ')
  const kinds = Array.isArray(schema.type) ? schema.type : [schema.type]
  return union(kinds.map((kind) => simple(kind, schema, prefix)))
}

function simple(kind, schema, prefix) {
  if (kind === 'null') return 'null'
  if (kind === 'integer' || kind === 'number') return 'number'
  if (kind === 'boolean') return 'boolean'
  if (kind === 'string') return schema.format === 'binary' ? 'Blob' : 'string'
  if (kind === 'array') return `Array<${schema.items ? typeOf(schema.items, prefix) : 'unknown'}>`
  if (kind === 'object' && schema.properties) return members(schema, prefix)
  if (kind === 'object') {
    const value = schema.additionalProperties
    return `Record<string, ${value && typeof value === 'object' ? typeOf(value, prefix) : 'unknown'}>`
  }
  return 'unknown'
}

function members(schema, prefix) {
  const required = new Set(schema.required ?? [])
  const each = Object.entries(schema.properties).map(
    ([name, member]) => `${key(name)}${required.has(name) ? '' : '?'}: ${typeOf(member, prefix)}`,
  )
  return `{ ${each.join('; ')} }`
}

function limitsOf(schema) {
  const each = Object.entries(schema.properties ?? {}).flatMap(([name, member]) => {
    const facts = ['maxLength', 'minLength', 'minimum', 'maximum', 'format'].flatMap((fact) =>
      member[fact] === undefined ||
      member[fact] === 'int32' ||
      member[fact] === 'int64' ||
      member[fact] === 'double'
        ? []
        : [`${fact}: ${typeof member[fact] === 'string' ? quoted(member[fact]) : member[fact]}`],
    )
    if ((schema.required ?? []).includes(name)) facts.push('required: true')
    return facts.length ? [`${key(name)}: { ${facts.join(', ')} }`] : []
  })
  return `{ ${each.join(', ')} }`
}

function schemas(document) {
  const lines = []
  for (const [name, schema] of Object.entries(document.components.schemas)) {
    const about = schema.description?.split('\n')[0]
    if (about) lines.push(`/** ${about} */`)
    lines.push(`export type ${name} = ${typeOf(schema)}`)
    if (/^(Write|Invite|Create|Register|Login)/.test(name) && !name.endsWith('Patch') && schema.properties) {
      const limits = limitsOf(schema)
      if (limits !== '{  }')
        lines.push(`export const ${name[0].toLowerCase()}${name.slice(1)}Limits = ${limits} as const`)
    }
    if (schema.enum?.every((value) => typeof value === 'string')) {
      lines.push(
        `export const ${name[0].toLowerCase()}${name.slice(1)}Values = ${list(schema.enum)} as const`,
      )
    }
  }
  return `${banner}${lines.join('\n')}\n`
}

const itemOf = (schema) => schema?.properties?.results?.items

function answerOf(operation) {
  const types = []
  for (const [status, response] of Object.entries(operation.responses)) {
    if (!status.startsWith('2')) continue
    const schema = response.content?.['application/json']?.schema
    const kinds = schema?.oneOf
    if (kinds && kinds.every(itemOf)) types.push(`ListOf<${typeOf(itemOf(kinds[0]), 'S.')}>`)
    else if (schema) types.push(typeOf(schema, 'S.'))
    else types.push(response.content ? 'Blob' : 'undefined')
  }
  return union(types)
}

function bodyOf(operation) {
  const content = operation.requestBody?.content
  if (!content) return 'undefined'
  if (content['application/json']) return typeOf(content['application/json'].schema, 'S.')
  return content['multipart/form-data'] ? 'FormData' : 'Blob'
}

function listing(parameters) {
  const names = parameters.filter((parameter) => parameter.in === 'query').map((parameter) => parameter.name)
  const filters = {}
  for (const name of names) {
    if (LIST_PARAMETERS.has(name)) continue
    const operator = OPERATORS.find((candidate) => name.endsWith(`__${candidate}`))
    const field = operator ? name.slice(0, -operator.length - 2) : name
    filters[field] = [...(filters[field] ?? []), operator ?? 'eq']
  }
  const values = (name) => parameters.find((parameter) => parameter.name === name)?.schema.items?.enum ?? []
  const orderings = values('ordering').filter((value) => !value.startsWith('-'))
  const each = Object.entries(filters).map(([field, operators]) => `${key(field)}: ${list(operators)}`)
  return `{ filters: { ${each.join(', ')} }, orderings: ${list(orderings)}, fields: ${list(values('fields'))} } as const`
}

function operations(document, service) {
  const lines = []
  for (const [path, methods] of Object.entries(document.paths)) {
    if (path.startsWith('/internal/')) continue
    for (const [method, operation] of Object.entries(methods)) {
      const name = camel(operation.operationId)
      const parameters = operation.parameters ?? []
      const ids = parameters
        .filter((parameter) => parameter.in === 'path')
        .map((parameter) => quoted(parameter.name))
      const query = parameters.filter((parameter) => parameter.in === 'query')
      let queryType = 'undefined'
      if (query.some((parameter) => parameter.name === 'ordering')) {
        lines.push(`export const ${name}Listing = ${listing(parameters)}`)
        queryType = `ListQuery<typeof ${name}Listing>`
      } else if (query.length) {
        queryType = `{ ${query.map((one) => `${key(one.name)}?: ${typeOf(one.schema, 'S.')}`).join('; ')} }`
      }
      const permission = operation['x-permission'] ? `, permission: ${quoted(operation['x-permission'])}` : ''
      lines.push(
        `/** ${operation.summary}. */`,
        `export const ${name}: Operation<${union(ids)}, ${queryType}, ${bodyOf(operation)}, ${answerOf(operation)}> = { method: ${quoted(method.toUpperCase())}, path: ${quoted(path)}${permission} }`,
      )
    }
  }
  const body = lines.join('\n')
  const used = ['ListOf', 'ListQuery', 'Operation'].filter((name) => body.includes(`${name}<`))
  const imports = `import type { ${used.join(', ')} } from '../operation'\n`
  const types = /\bS\./.test(body) ? `import type * as S from './${service}.schema'\n` : ''
  return `${banner}${imports}${types}${body}\n`
}

const written = {}
for (const file of readdirSync(documents).toSorted()) {
  const service = file.replace('-service.json', '')
  const document = JSON.parse(readFileSync(join(documents, file), 'utf8'))
  written[`${service}.schema.ts`] = schemas(document)
  written[`${service}.ts`] = operations(document, service)
}

const stale = readdirSync(target).filter((file) => !(file in written))
const changed = Object.entries(written).filter(([file, text]) => {
  const path = join(target, file)
  return !existsSync(path) || readFileSync(path, 'utf8') !== text
})
if (process.argv.includes('--check')) {
  if (stale.length + changed.length > 0) {
    console.error(
      `src/api/generated is not what openapi/ says (${[...stale, ...changed.map(([file]) => file)].join(', ')}): npm run api`,
    )
    process.exit(1)
  }
} else {
  for (const file of stale) rmSync(join(target, file))
  for (const [file, text] of changed) writeFileSync(join(target, file), text)
}
