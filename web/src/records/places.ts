// Places in lists: the rows around an opened record, for next, previous and the way back.

export type Place = { ids: string[]; index: number; search: Record<string, string> }

const places = new Map<string, Place>()

export const keepPlace = (noun: string, place: Place): void => {
  places.set(noun, place)
}

export const placeIn = (noun: string): Place | undefined => places.get(noun)

/** The record before or after one in the list it was opened from. */
export function neighbour(noun: string, id: string, step: 1 | -1): string | undefined {
  const ids = places.get(noun)?.ids ?? []
  const at = ids.indexOf(id)
  return at < 0 ? undefined : ids[at + step]
}
