// German texts of API keys.

import type en from './messages.en'

export default {
  one: 'API-Schlüssel',
  many: 'API-Schlüssel',
  newOne: 'Neuer API-Schlüssel',
  none: 'Noch keine API-Schlüssel. Ein Website-Formular gibt damit Leads ab.',
  fields: {
    name: 'Name',
    prefix: 'Beginnt mit',
    allowed_origins: 'Erlaubte Websites',
    last_used_at: 'Zuletzt benutzt',
    use_count: 'Benutzt',
    created_at: 'Angelegt',
    status: 'Status',
    expires_at: 'Läuft ab',
  },
  originsHelp: 'Eine je Zeile, etwa https://www.example.com. Leer: jede Website.',
  active: 'Aktiv',
  revoked: 'Widerrufen',
  expired: 'Abgelaufen',
  rotate: 'Erneuern',
  revoke: 'Widerrufen',
  rotateAbout: 'Macht einen neuen Schlüssel. Der alte gilt sofort nicht mehr.',
  revokeAbout: 'Formulare mit diesem Schlüssel können keine Leads mehr abgeben.',
  keyOnce:
    'Der Schlüssel wird nur jetzt gezeigt. Legen Sie ihn dort ab, wo ihn das Formular oder Programm braucht.',
  key: 'Schlüssel',
  any: 'Jede',
  never: 'Nie',
  actions: 'Aktionen',
} satisfies typeof en
