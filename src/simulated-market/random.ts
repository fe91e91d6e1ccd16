/** Seeded pseudo-random numbers: the same seed gives the same sequence on every machine. */
export interface Random {
  /** A number in [0, 1). */
  uniform(): number
  /** An integer in [0, limit). */
  below(limit: number): number
  /** A standard normal draw. */
  normal(): number
  /** An exponential draw with the given mean. */
  exponential(mean: number): number
  /** An independent stream; drawing from it leaves this one untouched. */
  fork(label: string): Random
}

/** A stream for `seed`; different seeds give unrelated streams. */
export function seededRandom(seed: string): Random {
  const uniform = sfc32(seed)
  return {
    uniform,
    below: (limit) => Math.floor(uniform() * limit),
    normal: () => Math.sqrt(-2 * Math.log(1 - uniform())) * Math.cos(2 * Math.PI * uniform()),
    exponential: (mean) => -mean * Math.log(1 - uniform()),
    fork: (label) => seededRandom(`${seed}/${label}`),
  }
}

/** A 32-bit hash of a text (FNV-1a with an avalanche), for stable per-value figures. */
export function hash32(text: string): number {
  let hash = 0x811c9dc5
  for (let index = 0; index < text.length; index += 1) hash = Math.imul(hash ^ text.charCodeAt(index), 0x01000193)
  hash = Math.imul(hash ^ (hash >>> 16), 0x85ebca6b)
  hash = Math.imul(hash ^ (hash >>> 13), 0xc2b2ae35)
  return (hash ^ (hash >>> 16)) >>> 0
}

/** Small fast counter (sfc32), a public-domain generator with a period of at least 2^32. */
function sfc32(seed: string): () => number {
  let a = hash32(`${seed}:a`)
  let b = hash32(`${seed}:b`)
  let c = hash32(`${seed}:c`)
  let counter = 1
  const draw = (): number => {
    const sum = (((a + b) | 0) + counter) | 0
    counter = (counter + 1) | 0
    a = b ^ (b >>> 9)
    b = (c + (c << 3)) | 0
    c = (((c << 21) | (c >>> 11)) + sum) | 0
    return (sum >>> 0) / 4_294_967_296
  }
  for (let round = 0; round < 12; round += 1) draw()
  return draw
}
