// Texts of the app: English is the type, German must satisfy it, only the active language is loaded.

export type Language = 'en' | 'de'

export const language: Language = document.documentElement.lang === 'de' ? 'de' : 'en'

export type Catalog<Text> = {
  load(): Promise<void>
  readonly text: Text
}

/** Texts of one slice, loaded by the route that needs them before its screen is shown. */
export function catalog<Text>(sources: Record<Language, () => Promise<{ default: Text }>>): Catalog<Text> {
  let loaded: Text | undefined
  let loading: Promise<void> | undefined
  return {
    load() {
      loading ??= sources[language]().then((module) => {
        loaded = module.default
      })
      return loading
    },
    get text() {
      if (loaded === undefined) throw new Error('texts are used before they are loaded')
      return loaded
    },
  }
}
