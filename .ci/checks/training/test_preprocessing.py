"""What the network sees of files of all kinds; that training and serving see the same."""

import pathlib
import struct
import tempfile
import unittest
import unittest.mock
import warnings
import zlib

import numpy
from PIL import Image

import support
import dataset
import inference
import networks
import preprocessing

IMAGENET, LITE = networks.IMAGENET, networks.LITE


def pixels(image):
    return numpy.asarray(image).astype(int)


class Decoding(unittest.TestCase):
    def test_every_mode_becomes_rgb(self):
        for mode, kind in [("L", "PNG"), ("1", "PNG"), ("P", "PNG"), ("LA", "PNG"), ("RGBA", "PNG"), ("I;16", "PNG"), ("L", "JPEG"), ("CMYK", "JPEG"), ("RGB", "WEBP")]:
            with self.subTest(mode=mode, kind=kind):
                image = Image.new("I;16", (8, 6), 40_000) if mode == "I;16" else support.picture(1, 8, 6, mode)
                decoded = preprocessing.decode(support.encoded(image, kind))
                self.assertEqual((decoded.mode, decoded.size), ("RGB", (8, 6)))

    def test_sixteen_bits_are_scaled_and_not_cut(self):
        decoded = preprocessing.decode(support.encoded(Image.new("I;16", (2, 2), 0x8000)))
        self.assertEqual(decoded.getpixel((0, 0)), (128, 128, 128))

    def test_a_palette_keeps_its_colours(self):
        palette = Image.new("P", (4, 4))
        palette.putpalette([200, 30, 10] + [0] * 765)
        self.assertEqual(preprocessing.decode(support.encoded(palette)).getpixel((1, 1)), (200, 30, 10))

    def test_what_is_transparent_becomes_white(self):
        image = Image.new("RGBA", (2, 1), (10, 20, 30, 0))
        image.putpixel((1, 0), (10, 20, 30, 255))
        decoded = preprocessing.decode(support.encoded(image))
        self.assertEqual([decoded.getpixel((x, 0)) for x in (0, 1)], [(255, 255, 255), (10, 20, 30)])

    def test_a_palettes_transparent_colour_becomes_white(self):
        image = Image.new("P", (2, 1), 1)
        image.putpalette([0, 0, 255, 200, 30, 10] + [0] * 762)
        image.putpixel((0, 0), 0)
        decoded = preprocessing.decode(support.encoded(image, transparency=0))
        self.assertEqual([decoded.getpixel((x, 0)) for x in (0, 1)], [(255, 255, 255), (200, 30, 10)])

    def test_exif_orientation_is_honoured(self):
        upright = support.picture(2, 40, 20)
        turned = {1: None, 2: 0, 3: 3, 4: 1, 5: 5, 6: 2, 7: 6, 8: 4}  # Pillow's Transpose that undoes the orientation's
        for orientation, method in turned.items():
            with self.subTest(orientation=orientation):
                stored = upright if method is None else upright.transpose(Image.Transpose(method))
                exif = Image.Exif()
                exif[0x0112] = orientation
                decoded = preprocessing.decode(support.encoded(stored, "PNG", exif=exif.tobytes()))
                numpy.testing.assert_array_equal(pixels(decoded), pixels(upright))

    def test_broken_exif_data_lose_no_image(self):
        data = support.encoded(support.picture(3, 16, 16), "JPEG", exif=b"Exif\0\0MM\0*\0\0\0\x08\xff\xff\0\x01")
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            self.assertEqual(preprocessing.decode(data).size, (16, 16))

    def test_truncated_files_and_other_bytes_are_refused(self):
        whole = support.encoded(support.picture(4, 200, 200), "JPEG")
        for data in (whole[: len(whole) // 2], whole[:20], b"", b"not an image", b"\xff\xd8\xff\xd9"):
            with self.subTest(bytes=len(data)), self.assertRaises(preprocessing.ImageError):
                preprocessing.decode(data)

    def test_an_image_that_claims_a_huge_size_is_refused_before_it_is_decoded(self):
        data = bytearray(support.encoded(Image.new("1", (16, 16))))
        data[16:24] = struct.pack(">II", 9_000, 9_000)
        data[29:33] = struct.pack(">I", zlib.crc32(bytes(data[12:29])))
        with self.assertRaisesRegex(preprocessing.ImageError, "9000×9000"):
            preprocessing.decode(bytes(data))

    def test_photographs_of_fifty_megapixels_are_read_at_half_their_size(self):
        for size in [(8160, 6144), (8192, 6144)]:
            with self.subTest(size=size):
                decoded = preprocessing.decode(support.encoded(Image.new("RGB", size, (10, 20, 30)), "JPEG"))
                self.assertEqual((decoded.size, decoded.getpixel((9, 9))), ((size[0] // 2, size[1] // 2), (10, 20, 30)))

    def test_thin_images_are_refused_before_they_are_decoded(self):
        for size in [(1, 51), (51, 1), (1, 65_500), (2, 101)]:
            with self.subTest(size=size), self.assertRaisesRegex(preprocessing.ImageError, f"{size[0]}×{size[1]}"):
                preprocessing.decode(support.encoded(Image.new("RGB", size)))
        self.assertEqual(preprocessing.decode(support.encoded(Image.new("RGB", (1, 50)))).size, (1, 50))

    def test_large_images_are_halved(self):
        image = Image.new("RGBA", (301, 203), (0, 128, 255, 0))
        image.paste((10, 20, 30, 255), (0, 0, 150, 203))
        with unittest.mock.patch.multiple(preprocessing, MAXIMUM_FULL_PIXELS=60_000, STRIP_ROWS=64):
            for kind, options in [("PNG", {}), ("JPEG", {"quality": 95})]:
                with self.subTest(kind=kind):
                    half = preprocessing.decode(support.encoded(image if kind == "PNG" else image.convert("RGB"), kind, **options))
                    self.assertEqual((half.mode, half.size), ("RGB", (151, 102)))
                    numpy.testing.assert_allclose(pixels(half)[50, 20], (10, 20, 30), atol=2)
            turned = Image.Exif()
            turned[0x0112] = 6
            self.assertEqual(preprocessing.decode(support.encoded(image, exif=turned.tobytes())).size, (102, 151))


class Preparing(unittest.TestCase):
    def test_shape_and_values(self):
        white, black = (preprocessing.prepare(Image.new("RGB", (300, 400), colour), LITE) for colour in ("white", "black"))
        self.assertEqual((white.shape, white.dtype), ((3, 224, 224), numpy.float32))
        numpy.testing.assert_allclose(white, 1, atol=1e-6)
        numpy.testing.assert_allclose(black, -127 / 128, atol=1e-6)

    def test_it_equals_torchvisions_transforms(self):
        from torchvision import transforms

        reference = transforms.Compose([
            transforms.Resize(256, transforms.InterpolationMode.BICUBIC), transforms.CenterCrop(224), transforms.ToTensor(),
            transforms.Normalize(IMAGENET.mean, IMAGENET.standard_deviation),
        ])
        for size in [(640, 480), (480, 641), (256, 256), (91, 67), (1, 1), (1000, 130)]:
            with self.subTest(size=size):
                image = support.picture(5, *size)
                numpy.testing.assert_allclose(preprocessing.prepare(image, IMAGENET), reference(image).numpy(), atol=1e-6)

    def test_an_augmentation_of_nothing_is_the_plain_view(self):
        image = support.picture(6, 500, 300)
        numpy.testing.assert_array_equal(preprocessing.prepare(image, LITE), preprocessing.prepare(image, LITE, preprocessing.Augmentation()))

    def test_mirrored_is_the_plain_view_mirrored(self):
        image = support.picture(7, 500, 300)
        mirrored = preprocessing.prepare(image, LITE, preprocessing.Augmentation(mirrored=True))
        numpy.testing.assert_array_equal(mirrored[:, :, ::-1], preprocessing.prepare(image, LITE))

    def test_the_same_seed_epoch_and_photograph_give_the_same_view(self):
        views = {dataset.augmentation(1, epoch, index) for epoch in range(4) for index in range(4)}
        self.assertEqual(len(views), 16)
        self.assertEqual(dataset.augmentation(1, 2, 3), dataset.augmentation(1, 2, 3))

    def test_training_and_serving_see_the_same_numbers(self):
        for kind, content_type in [("JPEG", "image/jpeg"), ("PNG", "image/png")]:
            with self.subTest(kind=kind), tempfile.TemporaryDirectory() as folder:
                path = pathlib.Path(folder) / f"photo.{kind.lower()}"
                path.write_bytes(support.encoded(support.picture(8, 321, 213), kind))
                photograph = dataset.Photograph(path, path.name, 0, "")
                trained, _ = dataset.Views([photograph], IMAGENET)[0]
                served = []

                class Recorder(inference.torch.nn.Module):
                    def forward(self, values):
                        served.append(values[0])
                        return inference.torch.zeros(1, 2)

                image = inference.input_fn(path.read_bytes(), content_type)
                inference.predict_fn(image, inference.Classifier(Recorder(), IMAGENET, ["a", "b"], inference.torch.device("cpu")))
                self.assertTrue(inference.torch.equal(trained, served[0]))


if __name__ == "__main__":
    unittest.main()
