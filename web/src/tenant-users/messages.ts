// Texts of members, invitations and roles.

import { catalog } from '../text/catalog'

export const memberText = catalog({ en: () => import('./messages.en'), de: () => import('./messages.de') })
