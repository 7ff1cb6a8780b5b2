export interface Product {
  id: string;
  name: string;
  /** In cents. */
  price: number;
  soldLastWeek: number;
}

const NAMES = ['Kettle', 'Lamp', 'Teapot', 'Chair', 'Blanket', 'Notebook', 'Umbrella', 'Rucksack', 'Radio', 'Mug'];

export const catalogue: readonly Product[] = NAMES.map((name, index) => ({
  id: name.toLowerCase(),
  name,
  price: 900 + 700 * index,
  soldLastWeek: (index * 37) % 101,
}));

export function productById(id: string): Product | undefined {
  return catalogue.find((product) => product.id === id);
}
