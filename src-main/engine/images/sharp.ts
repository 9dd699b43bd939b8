import sharp from "sharp";

// One thread an image: libvips' own threads gain nothing (dependencies.md §14) and starve the model. No cache: a file
// that changes on disk must be seen, and memory stays level over 100,000 images.
sharp.cache(false);
sharp.concurrency(1);

/** libvips, set for a process that reads many images once each. */
export { sharp };
