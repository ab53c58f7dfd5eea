// Tabs of an older build: a part that is gone from the server is found by loading the page again, once.

const KEY = 'leadstream.reloaded'
const AGAIN_AFTER_MS = 60_000

/** Whether a page that was loaded again at `last` may be once more. */
export const mayReload = (last: number, now: number): boolean => now - last > AGAIN_AFTER_MS

export function reloadWhenOutdated(): void {
  addEventListener('vite:preloadError', (event) => {
    if (!mayReload(Number(sessionStorage.getItem(KEY) ?? 0), Date.now())) return
    event.preventDefault()
    sessionStorage.setItem(KEY, String(Date.now()))
    location.reload()
  })
}
