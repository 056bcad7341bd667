import { crc32, deflateRawSync } from 'node:zlib'

/** A zip of files as they are, nothing compressed. */
export const storedZip = (files: ReadonlyMap<string, Uint8Array>): Buffer => zipOf(files, STORED, (bytes) => bytes)

/** A zip of files, each of them compressed. */
export const deflatedZip = (files: ReadonlyMap<string, Uint8Array>): Buffer =>
  zipOf(files, DEFLATED, (bytes) => deflateRawSync(bytes))

const STORED = 0
const DEFLATED = 8

const zipOf = (
  files: ReadonlyMap<string, Uint8Array>,
  method: number,
  pack: (bytes: Uint8Array) => Uint8Array,
): Buffer => {
  const parts: Buffer[] = []
  const list: Buffer[] = []
  let offset = 0
  for (const [path, bytes] of files) {
    const name = Buffer.from(path, 'utf8')
    const packed = pack(bytes)
    const facts = factsOf(bytes, packed.length, method, name)
    const local = Buffer.concat([Buffer.from('PK\x03\x04\x14\x00', 'latin1'), facts, name])
    const place = Buffer.alloc(14)
    place.writeUInt32LE(offset, 10)
    list.push(Buffer.concat([Buffer.from('PK\x01\x02\x14\x00\x14\x00', 'latin1'), facts, place, name]))
    parts.push(local, Buffer.from(packed))
    offset += local.length + packed.length
  }
  const central = Buffer.concat(list)
  const end = Buffer.alloc(22)
  end.write('PK\x05\x06', 'latin1')
  end.writeUInt16LE(list.length, 8)
  end.writeUInt16LE(list.length, 10)
  end.writeUInt32LE(central.length, 12)
  end.writeUInt32LE(offset, 16)
  return Buffer.concat([...parts, central, end])
}

/** What the header before a file and its line in the list share: flags (UTF-8 names), method, time, sum, sizes, length of the name. */
const factsOf = (bytes: Uint8Array, packed: number, method: number, name: Buffer): Buffer => {
  const facts = Buffer.alloc(24)
  facts.writeUInt16LE(0x0800, 0)
  facts.writeUInt16LE(method, 2)
  facts.writeUInt32LE(crc32(bytes), 8)
  facts.writeUInt32LE(packed, 12)
  facts.writeUInt32LE(bytes.length, 16)
  facts.writeUInt16LE(name.length, 20)
  return facts
}
