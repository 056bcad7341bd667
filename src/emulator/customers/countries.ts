/** Name of a country that the emulated store delivers to; the code where it knows no name. */
export const countryOf = (code: string): string => NAMES[code] ?? code

const NAMES: Readonly<Record<string, string>> = {
  AU: 'Australia',
  CA: 'Canada',
  DE: 'Germany',
  FR: 'France',
  GB: 'United Kingdom',
  US: 'United States',
}
