export declare const root: string;
export declare function readManifests(): { path: string; manifest: Record<string, unknown> }[];
export declare function moduleSources(): Map<string, string>;
export declare function moduleFiles(): Map<string, URL>;
