import react from '@vitejs/plugin-react'
import { defineConfig } from 'vite'

export default defineConfig({
  base: '/app/',
  plugins: [react()],
  build: {
    assetsInlineLimit: 0,
    manifest: 'manifest.json',
    modulePreload: { polyfill: false },
    sourcemap: false,
    target: 'es2023',
  },
  server: { port: 5173, proxy: { '/api': 'http://127.0.0.1:8000' } },
})
