//! The objects of a revision while it is being put together, and how each is written.

use crate::pdf::crypt::Handler;
use crate::pdf::object::{Dictionary, Id, Object};
use crate::pdf::write;
use flate2::{Compress, Compression, FlushCompress, Status};
use std::cell::RefCell;

/// What an object consists of.
#[derive(Debug, Clone)]
pub(crate) enum Body {
    /// Any object but a stream.
    Plain(Object),
    /// A stream: dictionary without `/Length`, and encoded bytes.
    Stream(Dictionary, Vec<u8>),
    /// A signature dictionary whose `/ByteRange` and `/Contents` are filled in later; so many bytes of `/Contents`.
    Signature(Dictionary, usize),
}

/// New and changed objects, in order of number when written.
#[derive(Debug)]
pub(crate) struct Objects {
    next: u32,
    list: Vec<(Id, Body)>,
}

/// Where the fillable parts of a signature dictionary were written, as offsets into the output.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(crate) struct Holes {
    /// The first character after `[` of `/ByteRange`.
    pub byte_range: usize,
    /// The `<` of `/Contents`.
    pub contents_start: usize,
    /// Just past its `>`.
    pub contents_end: usize,
}

/// Characters kept for the four numbers of `/ByteRange`: `0`, three numbers of ten digits, three blanks.
pub(crate) const BYTE_RANGE_WIDTH: usize = 34;

impl Objects {
    /// Begins with the first unused number.
    pub(crate) const fn new(next: u32) -> Self {
        Self {
            next,
            list: Vec::new(),
        }
    }

    /// Takes a new number; its object must follow.
    pub(crate) const fn reserve(&mut self) -> Id {
        let id = Id::new(self.next);
        self.next += 1;
        id
    }

    /// Adds an object under a new number.
    pub(crate) fn add(&mut self, body: Body) -> Id {
        let id = self.reserve();
        self.list.push((id, body));
        id
    }

    /// Sets the object of a number, new or of the base file, replacing what was set before.
    pub(crate) fn set(&mut self, id: Id, body: Body) {
        self.list.retain(|(known, _)| *known != id);
        self.list.push((id, body));
    }

    /// Adds a stream, deflated.
    pub(crate) fn add_deflated(&mut self, dictionary: Dictionary, bytes: &[u8]) -> Id {
        let dictionary = dictionary.with("Filter", Object::name("FlateDecode"));
        self.add(Body::Stream(dictionary, deflate(bytes)))
    }

    /// The first number not taken.
    pub(crate) const fn next_number(&self) -> u32 {
        self.next
    }

    /// Writes all objects in order of number; gives number and offset of each (offsets count from the start of the
    /// output plus `base`), and where the signature's holes are (offsets into the output, without `base`).
    pub(crate) fn write(self, out: &mut Vec<u8>, base: usize) -> (Vec<(Id, usize)>, Holes) {
        self.write_for(None, out, base)
    }

    /// The same for an encrypted file: with its handler, and what its initial values are made from.
    pub(crate) fn write_for(
        mut self,
        lock: Option<(&Handler, &[u8])>,
        out: &mut Vec<u8>,
        base: usize,
    ) -> (Vec<(Id, usize)>, Holes) {
        self.list.sort_by_key(|(id, _)| *id);
        let closed = |id: Id, object: &Object| match lock {
            Some((handler, seed)) => handler.closed(id, object.clone(), seed),
            None => object.clone(),
        };
        let closed_head = |id: Id, head: &Dictionary| match closed(id, &head.clone().into()) {
            Object::Dictionary(head) => head,
            _ => head.clone(), // a dictionary stays one
        };
        let mut offsets = Vec::with_capacity(self.list.len());
        let mut holes = Holes::default();
        for (id, body) in &self.list {
            offsets.push((*id, base + out.len()));
            write::text(out, &format!("{} {} obj\n", id.number, id.generation));
            match body {
                Body::Plain(object) => write::object(out, &closed(*id, object)),
                Body::Stream(dictionary, bytes) => {
                    let bytes = match lock {
                        Some((handler, seed)) => {
                            &handler.closed_stream(*id, dictionary, bytes, seed)
                        }
                        None => bytes,
                    };
                    let dictionary = &closed_head(*id, dictionary);
                    let length = i64::try_from(bytes.len()).unwrap_or(i64::MAX);
                    write::dictionary(
                        out,
                        &dictionary.clone().with("Length", Object::Integer(length)),
                    );
                    write::text(out, "\nstream\n");
                    out.extend_from_slice(bytes);
                    write::text(out, "\nendstream");
                }
                Body::Signature(dictionary, reserved) => {
                    holes = write_signature(out, &closed_head(*id, dictionary), *reserved);
                }
            }
            write::text(out, "\nendobj\n");
        }
        (offsets, holes)
    }
}

fn write_signature(out: &mut Vec<u8>, dictionary: &Dictionary, reserved: usize) -> Holes {
    write::dictionary(out, dictionary);
    out.truncate(out.len() - 2); // reopen at `>>`
    write::text(out, "/ByteRange [");
    let byte_range = out.len();
    out.extend(std::iter::repeat_n(b' ', BYTE_RANGE_WIDTH));
    write::text(out, "]/Contents ");
    let contents_start = out.len();
    out.push(b'<');
    out.extend(std::iter::repeat_n(b'0', reserved * 2));
    out.push(b'>');
    let contents_end = out.len();
    write::text(out, ">>");
    Holes {
        byte_range,
        contents_start,
        contents_end,
    }
}

/// zlib, the same bytes for the same input. The best compression takes half as long again and saves 94 bytes of a signature's 14,700.
pub(crate) fn deflate(bytes: &[u8]) -> Vec<u8> {
    thread_local! {
        /// Its tables are a quarter of a megabyte: made once, and cleared for each stream.
        static DEFLATER: RefCell<Compress> = RefCell::new(Compress::new(Compression::default(), true));
    }
    DEFLATER.with_borrow_mut(|deflater| deflate_with(deflater, bytes))
}

fn deflate_with(deflater: &mut Compress, bytes: &[u8]) -> Vec<u8> {
    let mut out = Vec::with_capacity(bytes.len() / 2 + 64);
    deflater.reset();
    loop {
        let taken = usize::try_from(deflater.total_in()).unwrap_or(usize::MAX);
        let rest = bytes.get(taken..).unwrap_or_default();
        match deflater.compress_vec(rest, &mut out, FlushCompress::Finish) {
            Ok(Status::StreamEnd) => return out,
            // There was no room for the rest.
            Ok(_) => out.reserve(out.capacity().max(64)),
            // Compressing cannot fail; should it ever, an empty stream is better than a broken one.
            Err(_) => return Vec::new(),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;
    use std::io::Read as _;

    proptest! {
        #[test]
        fn a_stream_does_not_depend_on_those_before_it(
            streams in proptest::collection::vec(
                prop_oneof![
                    proptest::collection::vec(any::<u8>(), 0..3000),
                    "[a-c ]{0,3000}".prop_map(String::into_bytes),
                ],
                1..5,
            ),
        ) {
            for bytes in &streams {
                let made = deflate(bytes);
                let mut fresh = Compress::new(Compression::default(), true);
                prop_assert_eq!(&made, &deflate_with(&mut fresh, bytes));
                let mut read = Vec::new();
                flate2::read::ZlibDecoder::new(made.as_slice()).read_to_end(&mut read).expect("just made");
                prop_assert_eq!(&read, bytes);
            }
        }
    }
}
