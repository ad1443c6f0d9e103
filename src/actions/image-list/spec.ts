import { defineAction } from "../../kit/define-action.ts";
import { choice, lines, text } from "../../kit/input.ts";
import { textBlock } from "../../kit/text-block.ts";

export const spec = defineAction({
  name: "Mayfly image list",
  description: "Turns a list of images into a matrix of jobs, and what those jobs pushed into one output.",
  inputs: {
    command: choice(
      "read",
      "split",
      "merge",
    )({
      description:
        "`read` makes a matrix of a list of images to build, `split` one of images that were pushed, `merge` one JSON of what the jobs of a matrix pushed.",
      required: true,
    }),
    "images-file": text({
      description:
        "With `read`: the list, a YAML file of the repository; `.mayfly/images.yml` when `list` is not given either.",
    }),
    list: textBlock({
      description:
        "With `read`: the list itself as YAML, or the repositories of one image. With `split`: the JSON `images` of a build or an import, or references with digests, one on each line.",
    }),
    folder: text({
      description: "With `merge`: the folder with the files `image-<name>.json` of the jobs.",
    }),
    expected: lines({
      description: "With `merge`: names that must be there, one on each line; files of others are left alone.",
    }),
  },
  outputs: {
    matrix: "With `read` and `split`: JSON for `strategy.matrix.include`. Each value is the text of an input.",
    names: "The names of the images, one on each line.",
    count: "How many images there are.",
    images: "With `split` and `merge`: JSON with repository, tag and digest of each image by its name.",
  },
});
