//! Uploaded images: decoded within limits and encoded again, so that only pixels are served. Metadata and embedded
//! files are dropped.

mod reply;
mod upload;

use std::{
    io::Cursor,
    sync::{Arc, LazyLock},
    time::Duration,
};

use bytes::Bytes;
use image::{
    DynamicImage, ImageDecoder, ImageFormat, ImageReader, Limits,
    codecs::{jpeg::JpegEncoder, png::PngEncoder, webp::WebPEncoder},
    imageops::FilterType,
};
use tokio::sync::Semaphore;

use crate::http::Problem;

pub use reply::ImageReply;
pub use upload::ImageUpload;

/// Largest picture taken, in pixels either way.
const SIDE_LIMIT: u32 = 10_000;
/// Largest picture taken, in pixels.
const PIXEL_LIMIT: u64 = 16_000_000;
/// Memory for decoding one, in bytes: a pixel of 16 bits per channel takes 8, and decoders need some of their own.
const MEMORY_LIMIT: u64 = 16 * PIXEL_LIMIT;
const JPEG_QUALITY: u8 = 88;
/// How long to wait for a turn before the request is turned away.
const PATIENCE: Duration = Duration::from_secs(5);
/// Requests that may wait for a turn; each holds its file.
const WAITING: usize = 16;

/// Decoding takes a core and much memory: half of the cores, and one where there is only one.
static TURNS: LazyLock<Arc<Semaphore>> = LazyLock::new(|| {
    let cores = std::thread::available_parallelism().map_or(1, usize::from);
    Arc::new(Semaphore::new((cores / 2).max(1)))
});
static PLACES: Semaphore = Semaphore::const_new(WAITING);

/// An image that was encoded again.
#[derive(Clone, Debug)]
pub struct CleanImage {
    /// `image/png`, `image/jpeg` or `image/webp`.
    pub media_type: &'static str,
    /// The file.
    pub bytes: Vec<u8>,
    /// Pixels from left to right.
    pub width: u32,
    /// Pixels from top to bottom.
    pub height: u32,
}

/// The picture in `file`, upright, scaled down to at most `side` pixels either way, in the format it came in.
///
/// # Errors
/// 415 `unsupported_image` for anything but PNG, JPEG and WebP, 400 `invalid_image` for one that cannot be decoded, 413
/// `image_too_large` for one of too many pixels, 503 when too many wait to be decoded.
pub async fn clean(file: Bytes, side: u32) -> Result<CleanImage, Problem> {
    let busy = || Problem::unavailable("too many pictures wait to be decoded");
    let place = PLACES.try_acquire().map_err(|_| busy())?;
    let turn = tokio::time::timeout(PATIENCE, Arc::clone(&TURNS).acquire_owned())
        .await
        .map_err(|_| busy())?
        .map_err(|error| Problem::internal(error.to_string()))?;
    drop(place);
    let working = tokio::task::spawn_blocking(move || {
        let outcome = rewrite(&file, side);
        drop(turn);
        outcome
    });
    working.await.map_err(|error| Problem::internal(format!("decoding a picture ended early: {error}")))?
}

fn rewrite(file: &[u8], side: u32) -> Result<CleanImage, Problem> {
    let format = image::guess_format(file).map_err(|_| unsupported())?;
    if !matches!(format, ImageFormat::Png | ImageFormat::Jpeg | ImageFormat::WebP) {
        return Err(unsupported());
    }
    let mut reader = ImageReader::with_format(Cursor::new(file), format);
    let mut limits = Limits::default();
    limits.max_image_width = Some(SIDE_LIMIT);
    limits.max_image_height = Some(SIDE_LIMIT);
    limits.max_alloc = Some(MEMORY_LIMIT);
    reader.limits(limits);
    let mut decoder = reader.into_decoder().map_err(|error| refused(&error))?;
    let (width, height) = decoder.dimensions();
    if u64::from(width) * u64::from(height) > PIXEL_LIMIT || decoder.total_bytes() > MEMORY_LIMIT {
        return Err(too_large());
    }
    // A file that says nothing sane of its orientation is taken as it lies.
    let orientation = decoder.orientation().unwrap_or(image::metadata::Orientation::NoTransforms);
    let mut picture = DynamicImage::from_decoder(decoder).map_err(|error| refused(&error))?;
    picture.apply_orientation(orientation);
    if picture.width() > side || picture.height() > side {
        picture = picture.resize(side, side, FilterType::Triangle);
    }
    write(&picture, format)
}

fn write(picture: &DynamicImage, format: ImageFormat) -> Result<CleanImage, Problem> {
    let mut bytes = Vec::new();
    let outcome = match format {
        ImageFormat::Jpeg => {
            picture.to_rgb8().write_with_encoder(JpegEncoder::new_with_quality(&mut bytes, JPEG_QUALITY))
        }
        ImageFormat::WebP => picture.to_rgba8().write_with_encoder(WebPEncoder::new_lossless(&mut bytes)),
        _ => picture.to_rgba8().write_with_encoder(PngEncoder::new(&mut bytes)),
    };
    outcome.map_err(|error| Problem::internal(format!("a picture could not be written: {error}")))?;
    let media_type = match format {
        ImageFormat::Jpeg => "image/jpeg",
        ImageFormat::WebP => "image/webp",
        _ => "image/png",
    };
    Ok(CleanImage { media_type, bytes, width: picture.width(), height: picture.height() })
}

/// The media type among those that [`clean`] gives; none of any other.
pub fn media_type(name: &str) -> Option<&'static str> {
    ["image/png", "image/jpeg", "image/webp"].into_iter().find(|known| *known == name)
}

fn unsupported() -> Problem {
    Problem::unsupported("unsupported_image", "Send a PNG, JPEG or WebP picture.")
}

fn too_large() -> Problem {
    Problem::too_large(
        "image_too_large",
        format!("A picture has at most {PIXEL_LIMIT} pixels, and {SIDE_LIMIT} either way."),
    )
}

fn refused(error: &image::ImageError) -> Problem {
    match error {
        image::ImageError::Limits(_) => too_large(),
        image::ImageError::Unsupported(_) => unsupported(),
        _ => Problem {
            cause: Some(error.to_string()),
            ..Problem::bad_request("invalid_image", "The picture cannot be read: the file is damaged.")
        },
    }
}

#[cfg(test)]
mod tests {
    use image::{Rgba, RgbaImage};

    use super::*;

    fn file(width: u32, height: u32, format: ImageFormat) -> Vec<u8> {
        let picture = RgbaImage::from_fn(width, height, |x, _| Rgba([(x % 256) as u8, 10, 200, 255]));
        let mut file = Cursor::new(Vec::new());
        let picture = DynamicImage::from(picture);
        match format {
            ImageFormat::Jpeg => DynamicImage::from(picture.to_rgb8()).write_to(&mut file, format).unwrap(),
            _ => picture.write_to(&mut file, format).unwrap(),
        }
        file.into_inner()
    }

    fn code(file: &[u8]) -> (u16, &'static str) {
        rewrite(file, 100).map_or_else(|problem| (problem.status.as_u16(), problem.code), |_| (200, "taken"))
    }

    #[test]
    fn a_picture_keeps_its_format_and_shape_and_is_scaled_down_but_never_up() {
        for (format, media_type) in [
            (ImageFormat::Png, "image/png"),
            (ImageFormat::Jpeg, "image/jpeg"),
            (ImageFormat::WebP, "image/webp"),
        ] {
            let large = rewrite(&file(400, 200, format), 100).unwrap();
            let small = rewrite(&file(30, 20, format), 100).unwrap();

            assert_eq!((large.media_type, large.width, large.height), (media_type, 100, 50));
            assert_eq!((small.width, small.height), (30, 20));
            assert_eq!(image::guess_format(&large.bytes).unwrap(), format);
        }
    }

    #[test]
    fn what_follows_the_picture_in_its_file_is_gone() {
        let mut polyglot = file(30, 20, ImageFormat::Png);
        polyglot.extend_from_slice(b"<script>alert(1)</script>");

        let clean = rewrite(&polyglot, 100).unwrap();

        assert!(!clean.bytes.windows(8).any(|window| window == b"<script>"));
    }

    #[test]
    fn other_formats_and_things_that_are_no_pictures_are_refused() {
        let svg = b"<svg xmlns=\"http://www.w3.org/2000/svg\"><script>alert(1)</script></svg>";
        for content in [&svg[..], b"", b"hello", b"GIF89a\x01\x00\x01\x00\x00\x00\x00", b"%PDF-1.7"] {
            assert_eq!(code(content), (415, "unsupported_image"));
        }
    }

    #[test]
    fn a_picture_of_more_pixels_than_the_limit_is_refused_by_its_header() {
        for (width, height) in [(4_001, 4_000), (10_000, 1_601), (10_001, 1)] {
            for format in [ImageFormat::Png, ImageFormat::Jpeg, ImageFormat::WebP] {
                let mut claims = file(8, 8, format);
                resize(&mut claims, format, width, height);

                assert_eq!(code(&claims), (413, "image_too_large"), "{format:?} {width} × {height}");
            }
        }
        // Within the limit, it is the missing pixels that it is refused for.
        let mut small = file(8, 8, ImageFormat::Png);
        resize(&mut small, ImageFormat::Png, 4_000, 4_000);
        assert_eq!(code(&small), (400, "invalid_image"));
    }

    /// Writes other dimensions into a file's header.
    fn resize(file: &mut [u8], format: ImageFormat, width: u32, height: u32) {
        match format {
            ImageFormat::Jpeg => {
                let frame = file.windows(2).position(|marker| marker == [0xff, 0xc0]).unwrap();
                file[frame + 5..frame + 7].copy_from_slice(&u16::try_from(height).unwrap().to_be_bytes());
                file[frame + 7..frame + 9].copy_from_slice(&u16::try_from(width).unwrap().to_be_bytes());
            }
            ImageFormat::WebP => {
                // Fourteen bits each of width and height less one, behind the signature of a lossless picture.
                let bits = (width - 1) | (height - 1) << 14;
                let start = file.windows(4).position(|tag| tag == b"VP8L").unwrap() + 9;
                let rest = u32::from_le_bytes(file[start..start + 4].try_into().unwrap()) & 0xf000_0000;
                file[start..start + 4].copy_from_slice(&(bits | rest).to_le_bytes());
            }
            _ => {
                file[16..20].copy_from_slice(&width.to_be_bytes());
                file[20..24].copy_from_slice(&height.to_be_bytes());
                let checksum = crc(&file[12..29]);
                file[29..33].copy_from_slice(&checksum.to_be_bytes());
            }
        }
    }

    #[test]
    fn a_damaged_picture_is_refused() {
        let whole = file(64, 64, ImageFormat::Png);

        assert_eq!(code(&whole[..whole.len() / 2]), (400, "invalid_image"));
    }

    #[test]
    fn a_small_file_that_claims_to_be_huge_is_refused_before_it_is_decoded() {
        let mut bomb = file(8, 8, ImageFormat::Png);
        resize(&mut bomb, ImageFormat::Png, 65_535, 65_535);

        assert_eq!(code(&bomb), (413, "image_too_large"));
    }

    fn crc(bytes: &[u8]) -> u32 {
        !bytes.iter().fold(u32::MAX, |crc, byte| {
            (0..8).fold(crc ^ u32::from(*byte), |crc, _| {
                if crc & 1 == 1 { (crc >> 1) ^ 0xedb8_8320 } else { crc >> 1 }
            })
        })
    }
}
