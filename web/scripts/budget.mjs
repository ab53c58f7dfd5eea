// Byte budget of the build: gzip sizes of what each screen loads, against budget.json.
import { readFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { gzipSync } from 'node:zlib'

const web = join(dirname(fileURLToPath(import.meta.url)), '..')
const manifest = JSON.parse(readFileSync(join(web, 'dist', 'manifest.json'), 'utf8'))
const budget = JSON.parse(readFileSync(join(web, 'budget.json'), 'utf8'))
const sizes = new Map()

const gzipped = (file) => {
  if (!sizes.has(file)) sizes.set(file, gzipSync(readFileSync(join(web, 'dist', file)), { level: 9 }).length)
  return sizes.get(file)
}

/** The files that an entry loads, and those that the modules which it always loads itself load. */
function closure(keys) {
  const seen = new Set()
  const visit = (key) => {
    if (seen.has(key)) return
    seen.add(key)
    for (const next of manifest[key].imports ?? []) visit(next)
  }
  for (const key of keys) visit(key)
  const chunks = [...seen].map((key) => manifest[key])
  return {
    js: new Set(chunks.map((chunk) => chunk.file)),
    css: new Set(chunks.flatMap((chunk) => chunk.css ?? [])),
  }
}

const sum = (files) => [...files].reduce((total, file) => total + gzipped(file), 0)
const page = 'index.html'
const core = 'src/text/core.en.ts'
const rows = []
const check = (name, bytes, limit) => rows.push({ name, bytes, limit, isOver: bytes > limit * 1000 })

const signIn = closure([page, core, 'src/sign-in/screen.tsx', 'src/sign-in/messages.en.ts'])
const first = closure([
  page,
  core,
  'src/leads/screens.tsx',
  'src/leads/messages.en.ts',
  'src/tasks/messages.en.ts',
])
check('JS of sign-in', sum(signIn.js), budget.signIn)
check('JS of the first signed-in screen', sum(first.js), budget.first)
for (const key of Object.keys(manifest).filter((one) => /^src\/.*\/screens\.tsx$/.test(one))) {
  const more = [...closure([key]).js].filter((file) => !first.js.has(file))
  check(`JS of ${key.split('/')[1]} beyond it`, sum(more), budget.route)
}
const files = new Set(Object.values(manifest).map((chunk) => chunk.file))
check('all JS', sum([...files].filter((file) => file.endsWith('.js'))), budget.all)
const css = new Set(Object.values(manifest).flatMap((chunk) => [chunk.file, ...(chunk.css ?? [])]))
check('all CSS', sum([...css].filter((file) => file.endsWith('.css'))), budget.css)

for (const { name, bytes, limit, isOver } of rows) {
  console.log(
    `${isOver ? 'over' : '  ok'}  ${(bytes / 1000).toFixed(1).padStart(7)} kB of ${String(limit).padStart(3)}  ${name}`,
  )
}
process.exit(rows.some((row) => row.isOver) ? 1 : 0)
