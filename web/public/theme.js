// Theme and language before the first paint; loaded as a file, because the page's policy allows no inline script.
;(function () {
  var root = document.documentElement
  var kept = {}
  try {
    kept = JSON.parse(localStorage.getItem('leadstream.preferences') || '{}')
  } catch {
    // Preferences that cannot be read are the defaults.
  }
  var dark =
    kept.theme === 'dark' || (kept.theme !== 'light' && matchMedia('(prefers-color-scheme: dark)').matches)
  root.dataset.theme = dark ? 'dark' : 'light'
  root.dataset.density = kept.density === 'compact' ? 'compact' : 'normal'
  root.lang = kept.language || (navigator.language.toLowerCase().indexOf('de') === 0 ? 'de' : 'en')
})()
