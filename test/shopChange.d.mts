export function makeShopChange(shop: string, folder: string): Promise<void>;
export function gitIn(folder: string): (...args: string[]) => string;
export function sendShopTraffic(origin: string): Promise<void>;
