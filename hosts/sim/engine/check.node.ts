export async function checkEngine(_module: WebAssembly.Module): Promise<void> {}
